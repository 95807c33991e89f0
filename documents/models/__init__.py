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

__all__ = [
    "IN_THE_QUEUE",
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
]
