from .people import (
    DAY_OF_STATE,
    ENDED,
    Allocation,
    Consent,
    ConsentStatus,
    EndReason,
    ScreenFailureReason,
    Sex,
    Subject,
    SubjectStatus,
    SubjectTransfer,
    subject_code,
)
from .visits import SubjectVisit, SubjectVisitStatus, VisitKind

__all__ = [
    "DAY_OF_STATE",
    "ENDED",
    "Allocation",
    "Consent",
    "ConsentStatus",
    "EndReason",
    "ScreenFailureReason",
    "Sex",
    "Subject",
    "SubjectStatus",
    "SubjectTransfer",
    "SubjectVisit",
    "SubjectVisitStatus",
    "VisitKind",
    "subject_code",
]
