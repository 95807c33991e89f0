"""The demo: a CRO's portfolio of invented sponsors, hospitals and people, one chapter a room of the house."""

from .loading import CHAPTERS, is_loaded, load
from .logins import LOGINS, demo_password
from .stage import Stage

__all__ = ["CHAPTERS", "LOGINS", "Stage", "demo_password", "is_loaded", "load"]
