"""What is seen of a study: its spine, its plan, its milestones, its team."""

from .carrying import CarriedFilters
from .milestones import MilestoneRecord, Milestones
from .overview import PLACE_PANELS, PLACE_TILES, SET_UP_STEPS, Step, Tile
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
from .setting_up import setting_up_panel
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
    "SET_UP_STEPS",
    "ActivityRecord",
    "AmendmentRecord",
    "ArmRecord",
    "CarriedFilters",
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
    "Step",
    "Studies",
    "StudyCountryRecord",
    "StudyRecord",
    "StudySiteRecord",
    "Tile",
    "setting_up_panel",
    "way_to_effective",
]
