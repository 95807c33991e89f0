"""What is seen of the trial master file."""

from .documents import (
    DocumentRecord,
    Documents,
    QualityIssueRecord,
    QualityIssues,
    ReviewQueue,
)
from .expected import (
    ExpectedDocuments,
    ExpectedRecord,
    RuleRecord,
    Rules,
    StudyExpectationRecord,
    StudyExpectations,
    TmfPlaceRecord,
    TmfPlaces,
    zones,
)
from .reference import ArtifactRecord, Artifacts, ReferenceModelRecord, ReferenceModels

__all__ = [
    "ArtifactRecord",
    "Artifacts",
    "DocumentRecord",
    "Documents",
    "ExpectedDocuments",
    "ExpectedRecord",
    "QualityIssueRecord",
    "QualityIssues",
    "ReferenceModelRecord",
    "ReferenceModels",
    "ReviewQueue",
    "RuleRecord",
    "Rules",
    "StudyExpectationRecord",
    "StudyExpectations",
    "TmfPlaceRecord",
    "TmfPlaces",
    "zones",
]
