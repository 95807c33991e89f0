"""What is seen of the trial master file."""

from .documents import (
    DocumentRecord,
    Documents,
    QualityIssueRecord,
    QualityIssues,
    ReviewQueue,
    shelves_of,
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
)
from .reference import ArtifactRecord, Artifacts, ReferenceModelRecord, ReferenceModels, zones

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
    "shelves_of",
    "zones",
]
