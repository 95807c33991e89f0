from .people import (
    Allocation,
    Consent,
    EndReason,
    ScreenFailureReason,
    Sex,
    Subject,
    SubjectStatus,
    subject_code,
)
from .visits import SubjectVisit, SubjectVisitStatus, VisitKind

__all__ = [
    "Allocation",
    "Consent",
    "EndReason",
    "ScreenFailureReason",
    "Sex",
    "Subject",
    "SubjectStatus",
    "SubjectVisit",
    "SubjectVisitStatus",
    "VisitKind",
    "subject_code",
]
