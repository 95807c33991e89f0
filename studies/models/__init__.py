from .design import Activity, Arm, Epoch, Outcome, PlannedVisit, PlannedVisitActivity
from .milestones import Milestone, MilestoneKind, MilestoneStatus
from .protocol import Amendment, ProtocolStatus, ProtocolVersion
from .spine import (
    CountryStatus,
    HoldState,
    IdentifierKind,
    Phase,
    SiteStatus,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudyParty,
    StudySite,
    StudyStatus,
    StudyType,
)
from .team import CountryAssignment, SiteAssignment, StudyAssignment

__all__ = [
    "Activity",
    "Amendment",
    "Arm",
    "CountryAssignment",
    "CountryStatus",
    "Epoch",
    "HoldState",
    "IdentifierKind",
    "Milestone",
    "MilestoneKind",
    "MilestoneStatus",
    "Outcome",
    "Phase",
    "PlannedVisit",
    "PlannedVisitActivity",
    "ProtocolStatus",
    "ProtocolVersion",
    "SiteAssignment",
    "SiteStatus",
    "Study",
    "StudyAssignment",
    "StudyCountry",
    "StudyIdentifier",
    "StudyParty",
    "StudySite",
    "StudyStatus",
    "StudyType",
]
