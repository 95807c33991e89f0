"""What may happen to a subject, to its consents and to its visits."""

from .consents import ConsentFlow
from .people import SubjectFlow
from .visits import SubjectVisitFlow

__all__ = ["ConsentFlow", "SubjectFlow", "SubjectVisitFlow"]
