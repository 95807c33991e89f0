"""The demo: a CRO's portfolio of invented sponsors, hospitals and people, one chapter a room of the house."""

from .loading import is_loaded, load
from .stage import LOGINS, Stage, demo_password

__all__ = ["LOGINS", "Stage", "demo_password", "is_loaded", "load"]
