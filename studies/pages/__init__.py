"""What is seen of a study: its spine, its plan, its milestones, its team."""

from .milestones import MilestoneRecord, Milestones
from .overview import PLACE_PANELS, PLACE_TILES, Tile
from .protocol import (
    ActivityRecord,
    AmendmentRecord,
    ArmRecord,
    EpochRecord,
    OutcomeRecord,
    Plan,
    PlannedVisitRecord,
    ProtocolVersionRecord,
    ProtocolVersions,
    way_to_effective,
)
from .spine import (
    Countries,
    CountriesAndSites,
    Studies,
    StudyCountryRecord,
    StudyRecord,
    StudySiteRecord,
)

__all__ = [
    "PLACE_PANELS",
    "PLACE_TILES",
    "ActivityRecord",
    "AmendmentRecord",
    "ArmRecord",
    "Countries",
    "CountriesAndSites",
    "EpochRecord",
    "MilestoneRecord",
    "Milestones",
    "OutcomeRecord",
    "Plan",
    "PlannedVisitRecord",
    "ProtocolVersionRecord",
    "ProtocolVersions",
    "Studies",
    "StudyCountryRecord",
    "StudyRecord",
    "StudySiteRecord",
    "Tile",
    "way_to_effective",
]
