"""What a file says about a study, whichever format said it.

The importing service compares a StudyFile with the records it finds and never looks into the file
again. A field that the file does not state is None or an empty tuple, so that the importer leaves the
record alone; what the file does state but cannot be turned into a value of ours is in `unresolved`.
Every text is trimmed and never empty: an empty string in the file counts as not stated.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


class StudyFileRefused(Exception):
    """The file as a whole cannot be read: nothing may be written.

    The message is a sentence for the person who brought the file. `place` says where: a JSON pointer
    ("/study/versions/0/titles"), "line 3 column 7", "byte 120", or "" when the whole file is meant.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class Source(StrEnum):
    USDM_4 = "USDM 4.0"
    USDM_3 = "USDM 3.0"
    CLINICALTRIALS_GOV_2 = "ClinicalTrials.gov v2"


class Phase(StrEnum):
    """One study phase; both formats have the combinations I/II and II/III, USDM III/IV as well."""

    EARLY_1 = "EARLY_1"  # phase 0, "Early Phase 1"
    I = "I"  # noqa: E741 - the Roman numeral is the domain's own word
    I_II = "I_II"
    I_II_III = "I_II_III"
    II = "II"
    II_III = "II_III"
    III = "III"
    III_IV = "III_IV"
    IV = "IV"
    V = "V"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class StudyType(StrEnum):
    INTERVENTIONAL = "INTERVENTIONAL"
    OBSERVATIONAL = "OBSERVATIONAL"
    EXPANDED_ACCESS = "EXPANDED_ACCESS"


class IdentifierKind(StrEnum):
    NCT = "NCT"
    EU_CT = "EU_CT"
    EUDRACT = "EUDRACT"
    IND = "IND"
    WHO_UTN = "WHO_UTN"
    SPONSOR = "SPONSOR"
    OTHER = "OTHER"


class PartyKind(StrEnum):
    """What an organization is by nature, not what it does in the study."""

    INDUSTRY = "INDUSTRY"
    GOVERNMENT = "GOVERNMENT"  # NIH, FED, OTHER_GOV, regulatory agencies
    ACADEMIC = "ACADEMIC"
    NETWORK = "NETWORK"
    INDIVIDUAL = "INDIVIDUAL"
    HEALTHCARE_FACILITY = "HEALTHCARE_FACILITY"
    LABORATORY = "LABORATORY"
    REGISTRY = "REGISTRY"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class DateKind(StrEnum):
    ACTUAL = "ACTUAL"  # it happened
    PLANNED = "PLANNED"  # the file calls it estimated or anticipated, or it lies in a plan
    NOT_STATED = "NOT_STATED"  # the file gives a date and does not say which; never guessed


class Precision(StrEnum):
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


class MilestoneKind(StrEnum):
    """What the date is of. Only meanings that a file states by code are named; others are OTHER."""

    STUDY_START = "STUDY_START"
    PRIMARY_COMPLETION = "PRIMARY_COMPLETION"
    STUDY_COMPLETION = "STUDY_COMPLETION"
    PROTOCOL_APPROVAL = "PROTOCOL_APPROVAL"
    PROTOCOL_EFFECTIVE = "PROTOCOL_EFFECTIVE"
    REGISTRY_FIRST_SUBMITTED = "REGISTRY_FIRST_SUBMITTED"
    REGISTRY_FIRST_POSTED = "REGISTRY_FIRST_POSTED"
    RESULTS_FIRST_POSTED = "RESULTS_FIRST_POSTED"
    OTHER = "OTHER"


class OutcomeLevel(StrEnum):
    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"
    OTHER = "OTHER"  # CT.gov "other", USDM exploratory


class VisitKind(StrEnum):
    """What an encounter is for, as far as its code, epoch or name says so plainly."""

    SCREENING = "SCREENING"
    BASELINE = "BASELINE"
    TREATMENT = "TREATMENT"
    FOLLOW_UP = "FOLLOW_UP"
    EARLY_TERMINATION = "EARLY_TERMINATION"
    UNSCHEDULED = "UNSCHEDULED"
    OTHER = "OTHER"


class EpochKind(StrEnum):
    SCREENING = "SCREENING"
    RUN_IN = "RUN_IN"
    BASELINE = "BASELINE"
    INDUCTION = "INDUCTION"
    TREATMENT = "TREATMENT"
    WASHOUT = "WASHOUT"
    OPEN_LABEL = "OPEN_LABEL"
    FOLLOW_UP = "FOLLOW_UP"
    LONG_TERM_FOLLOW_UP = "LONG_TERM_FOLLOW_UP"
    OBSERVATION = "OBSERVATION"
    OTHER = "OTHER"


class ArmKind(StrEnum):
    EXPERIMENTAL = "EXPERIMENTAL"
    ACTIVE_COMPARATOR = "ACTIVE_COMPARATOR"
    PLACEBO_COMPARATOR = "PLACEBO_COMPARATOR"
    SHAM_COMPARATOR = "SHAM_COMPARATOR"
    NO_INTERVENTION = "NO_INTERVENTION"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class ContactMode(StrEnum):
    """How the site meets the subject (USDM Encounter.contactModes)."""

    IN_PERSON = "IN_PERSON"
    TELEPHONE = "TELEPHONE"
    REMOTE_AUDIO_VIDEO = "REMOTE_AUDIO_VIDEO"
    EMAIL = "EMAIL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something the file says that was left out or left open, for a person to decide."""

    place: str  # JSON pointer into the file
    what: str  # one sentence for the user


@dataclass(frozen=True, slots=True)
class PartyFile:
    name: str
    kind: PartyKind = PartyKind.UNKNOWN
    identifier: str | None = None  # DUNS, ROR or whatever the file gives; None in registry records


@dataclass(frozen=True, slots=True)
class IdentifierFile:
    kind: IdentifierKind
    value: str
    organization: str | None = None  # who gave the number, as the file writes it


@dataclass(frozen=True, slots=True)
class DateFile:
    """A date as exact as the file states it. `on` is the first day of a month or a year whose
    `precision` says so: show `text`, and never treat `on` as a day unless the precision is DAY."""

    on: datetime.date
    precision: Precision
    text: str  # as written in the file


@dataclass(frozen=True, slots=True)
class ArmFile:
    key: str  # USDM id; CT.gov: the arm's label (registry records carry no id)
    name: str
    label: str | None = None
    kind: ArmKind = ArmKind.UNKNOWN
    description: str | None = None


@dataclass(frozen=True, slots=True)
class EpochFile:
    key: str
    name: str
    order: int  # 1, 2, 3 … in the order a subject passes through
    label: str | None = None
    kind: EpochKind = EpochKind.OTHER
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """One line of the schedule of activities. A group is a line others are listed under: it is in
    `activities` with is_group=True and never in a visit's activity_keys."""

    key: str
    name: str
    order: int  # 1, 2, 3 … as in the schedule, groups counted
    label: str | None = None
    description: str | None = None
    group_key: str | None = None  # the ActivityFile it is listed under
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class PlannedVisitFile:
    """One visit of the protocol: an encounter at one scheduled instance.

    The key is the instance, not the encounter, because one encounter may stand at two instances.
    """

    key: str  # id of the ScheduledActivityInstance: stable within the exporter's file
    name: str  # unique among the file's planned visits
    order: int  # 1, 2, 3 … in schedule order
    label: str | None = None
    description: str | None = None
    encounter_key: str | None = None
    epoch_key: str | None = None
    kind: VisitKind = VisitKind.OTHER
    contact_modes: tuple[ContactMode, ...] = ()
    environmental_settings: tuple[str, ...] = ()  # as decoded in the file: "Clinic", "Home"
    offset_days: int | None = None  # from the reference day, which is 0; None: see unresolved
    window_before_days: int | None = None  # None: the file states no window; 0: states none allowed
    window_after_days: int | None = None
    activity_keys: tuple[str, ...] = ()  # in the order of `activities`


@dataclass(frozen=True, slots=True)
class OutcomeFile:
    level: OutcomeLevel
    measure: str
    time_frame: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class AmendmentFile:
    number: str
    name: str | None = None
    summary: str | None = None
    reason: str | None = None  # decode of the primary reason, or its free text when it is "Other"
    substantial: bool | None = None  # True when any stated impact is substantial; None: not stated
    date: DateFile | None = None  # effective date when there is one, else approval
    order: int = 0  # 1, 2, 3 … from the oldest on


@dataclass(frozen=True, slots=True)
class ProtocolVersionFile:
    version: str  # as the file writes it: "2", "(a)", "Amendment 3"
    date: DateFile | None = None  # effective date when there is one, else approval
    status: str | None = None  # decode: "Final", "Draft"


@dataclass(frozen=True, slots=True)
class MilestoneFile:
    kind: MilestoneKind
    name: str
    date: DateFile
    date_kind: DateKind
    countries: tuple[str, ...] = ()  # alpha-2 codes when the file confines the date to countries


@dataclass(frozen=True, slots=True)
class CountryFile:
    code: str  # ISO 3166-1 alpha-2
    name: str  # as written in the file


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A place of the study. Names, phones and mails of people in the file are left in the file."""

    key: str  # the same place in a later file of the same study has the same key
    facility: str | None  # 42 of 11,817 real sites have none
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country_code: str | None = None  # None: the country is in unresolved
    status: str | None = None  # registry code: RECRUITING, WITHDRAWN …; None while none recruits


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    count: int
    date_kind: DateKind  # ACTUAL: subjects enrolled in the end, not a target


@dataclass(frozen=True, slots=True)
class StudyFile:
    """All that one file says about one study."""

    source: Source
    name: str  # short and always there: USDM study.name; CT.gov acronym, else protocol id, else NCT
    protocol_number: str | None = None  # the sponsor's own
    official_title: str | None = None
    brief_title: str | None = None
    public_title: str | None = None
    acronym: str | None = None
    sponsor: PartyFile | None = None
    collaborators: tuple[PartyFile, ...] = ()
    identifiers: tuple[IdentifierFile, ...] = ()
    phase: Phase | None = None
    study_type: StudyType | None = None
    therapeutic_areas: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()  # CT.gov conditions, USDM indications
    masking: str | None = None  # NONE, SINGLE, DOUBLE, TRIPLE, QUADRUPLE
    allocation: str | None = None  # RANDOMIZED, NON_RANDOMIZED, NA
    intervention_model: str | None = None  # SINGLE_GROUP, PARALLEL, CROSSOVER, FACTORIAL, SEQUENTIAL
    enrolment: EnrolmentFile | None = None
    status: str | None = None  # CT.gov overallStatus: RECRUITING, COMPLETED …; USDM states none
    why_stopped: str | None = None
    arms: tuple[ArmFile, ...] = ()
    epochs: tuple[EpochFile, ...] = ()  # in order
    planned_visits: tuple[PlannedVisitFile, ...] = ()  # in schedule order
    activities: tuple[ActivityFile, ...] = ()  # in schedule order
    outcomes: tuple[OutcomeFile, ...] = ()
    amendments: tuple[AmendmentFile, ...] = ()  # oldest first
    protocol_versions: tuple[ProtocolVersionFile, ...] = ()
    milestones: tuple[MilestoneFile, ...] = ()
    countries: tuple[CountryFile, ...] = ()  # each code once, in the file's order
    sites: tuple[SiteFile, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def nct_id(self) -> str | None:
        """The registry number by which two files about the same study are matched."""
        return next((i.value for i in self.identifiers if i.kind is IdentifierKind.NCT), None)

    @property
    def planned_enrolment(self) -> int | None:
        """The target; None when the file only states how many were enrolled in the end."""
        if self.enrolment is None or self.enrolment.date_kind is DateKind.ACTUAL:
            return None
        return self.enrolment.count
