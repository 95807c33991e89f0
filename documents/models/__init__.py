"""What exists in the trial master file."""

from .documents import (
    IN_THE_QUEUE,
    ON_THE_WAY,
    STILL_WRITTEN,
    Document,
    DocumentStatus,
    DocumentText,
    DocumentVersion,
    QualityIssue,
    QualityReason,
)
from .expected import (
    LATE_EXPECTED,
    OUTSTANDING,
    EventKind,
    ExpectationRule,
    ExpectedDocument,
    ExpectedStatus,
    Gate,
    Level,
    StudyExpectation,
    TmfHome,
    TmfPlace,
)
from .reference import Artifact, ReferenceModel, ReferenceModelStatus, Requiredness
from .validity import ABOUT_TO_EXPIRE_DAYS, is_expired, is_to_renew, renew_until
from .validity import DEFINITIONS as OF_VALIDITY

__all__ = [
    "ABOUT_TO_EXPIRE_DAYS",
    "IN_THE_QUEUE",
    "LATE_EXPECTED",
    "OF_VALIDITY",
    "ON_THE_WAY",
    "OUTSTANDING",
    "STILL_WRITTEN",
    "Artifact",
    "Document",
    "DocumentStatus",
    "DocumentText",
    "DocumentVersion",
    "EventKind",
    "ExpectationRule",
    "ExpectedDocument",
    "ExpectedStatus",
    "Gate",
    "Level",
    "QualityIssue",
    "QualityReason",
    "ReferenceModel",
    "ReferenceModelStatus",
    "Requiredness",
    "StudyExpectation",
    "TmfHome",
    "TmfPlace",
    "is_expired",
    "is_to_renew",
    "renew_until",
]
