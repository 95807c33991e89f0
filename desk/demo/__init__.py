"""The demo: a CRO's portfolio of invented sponsors, hospitals and people, one chapter a room of the house."""

from .stage import LOGINS, Stage, demo_password, is_loaded, load

__all__ = ["LOGINS", "Stage", "demo_password", "is_loaded", "load"]
