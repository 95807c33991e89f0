"""Study, country of the study, site of the study: the three places everything else lies at."""

from collections.abc import Callable

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ctms.access.roles import role_permissions
from ctms.access.scoping import Scoped, StudyOwned, country_of_study, everything
from ctms.audit.trail import audited
from ctms.calendar.zones import KnownZone, TimeZoneField, zone_named
from directory.models import Country, Organization


class StudyStatus(models.TextChoices):
    PLANNING = "PLANNING", _("Planning")
    START_UP = "START_UP", _("Start-up")
    RECRUITING = "RECRUITING", _("Recruiting")
    RECRUITMENT_CLOSED = "RECRUITMENT_CLOSED", _("Recruitment closed")
    FOLLOW_UP = "FOLLOW_UP", _("Follow-up")
    CLOSE_OUT = "CLOSE_OUT", _("Close-out")
    CLOSED = "CLOSED", _("Closed")
    ARCHIVED = "ARCHIVED", _("Archived")
    CANCELLED = "CANCELLED", _("Cancelled")


class HoldState(models.TextChoices):
    """What keeps subjects from entering; each level has its own (practice.md, Planning 6)."""

    NONE = "NONE", _("No hold")
    ENROLMENT_HOLD = "ENROLMENT_HOLD", _("Enrolment hold")
    TEMPORARY_HALT = "TEMPORARY_HALT", _("Temporary halt")


class Phase(models.TextChoices):
    EARLY_1 = "EARLY_1", "0 / early I"
    I = "I", "I"  # noqa: E741 - the phase is called that
    I_II = "I_II", "I/II"
    I_II_III = "I_II_III", "I/II/III"
    II = "II", "II"
    II_III = "II_III", "II/III"
    III = "III", "III"
    III_IV = "III_IV", "III/IV"
    IV = "IV", "IV"
    V = "V", "V"
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")


class StudyType(models.TextChoices):
    INTERVENTIONAL = "INTERVENTIONAL", _("Interventional")
    OBSERVATIONAL = "OBSERVATIONAL", _("Observational")
    EXPANDED_ACCESS = "EXPANDED_ACCESS", _("Expanded access")


class Masking(models.TextChoices):
    """Who does not know the allocation, in the registry's steps."""

    NONE = "NONE", _("None (open label)")
    SINGLE = "SINGLE", _("Single")
    DOUBLE = "DOUBLE", _("Double")
    TRIPLE = "TRIPLE", _("Triple")
    QUADRUPLE = "QUADRUPLE", _("Quadruple")


class Allocation(models.TextChoices):
    RANDOMIZED = "RANDOMIZED", _("Randomised")
    NON_RANDOMIZED = "NON_RANDOMIZED", _("Not randomised")
    NA = "NA", _("Not applicable")


class InterventionModel(models.TextChoices):
    SINGLE_GROUP = "SINGLE_GROUP", _("Single group")
    PARALLEL = "PARALLEL", _("Parallel groups")
    CROSSOVER = "CROSSOVER", _("Crossover")
    FACTORIAL = "FACTORIAL", _("Factorial")
    SEQUENTIAL = "SEQUENTIAL", _("Sequential")


class EnrolmentEvent(models.TextChoices):
    """The event a study counts as enrolled (glossary, Enrolled)."""

    CONSENT = "CONSENT", _("Consent")
    RANDOMISATION = "RANDOMISATION", _("Randomisation")
    FIRST_DOSE = "FIRST_DOSE", _("First dose")
    REGISTRATION = "REGISTRATION", _("Registration")


def working_days(default):
    return models.PositiveSmallIntegerField(
        default=default, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )


# A question upward is answered by registration: (study) -> whether somebody is counted as enrolled by its event.
ENROLMENT_COUNTED: list[Callable[["Study"], bool]] = []


@audited(called_by=("{protocol_number}",))
class Study(Scoped):
    """One trial for one sponsor under one protocol number."""

    place_columns = {"study": "pk"}
    seen_from_below = True
    always_published = True

    protocol_number = models.CharField(_("protocol number"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=120)
    title = models.TextField(_("full title"), blank=True)
    lay_title = models.TextField(_("lay title"), blank=True)
    acronym = models.CharField(max_length=60, blank=True)
    project_code = models.CharField(_("project code"), max_length=40, blank=True)
    sponsor = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")

    phase = models.CharField(max_length=20, choices=Phase, blank=True)
    study_type = models.CharField(max_length=20, choices=StudyType, blank=True)
    therapeutic_area = models.CharField(max_length=200, blank=True)
    indication = models.TextField(blank=True)
    masking = models.CharField(max_length=40, choices=Masking, blank=True)
    allocation = models.CharField(max_length=40, choices=Allocation, blank=True)
    intervention_model = models.CharField(max_length=40, choices=InterventionModel, blank=True)

    enrolment_event = models.CharField(
        _("counts as enrolled at"),
        max_length=20,
        choices=EnrolmentEvent,
        default=EnrolmentEvent.RANDOMISATION,
    )
    planned_countries = models.PositiveIntegerField(null=True, blank=True)
    planned_sites = models.PositiveIntegerField(null=True, blank=True)
    planned_screened = models.PositiveIntegerField(null=True, blank=True)
    planned_enrolled = models.PositiveIntegerField(null=True, blank=True)
    planned_completed = models.PositiveIntegerField(null=True, blank=True)

    confirmation_letter_days = working_days(5)
    report_submission_days = working_days(8)
    report_approval_days = working_days(15)
    follow_up_letter_days = working_days(10)
    include_in_metrics = models.BooleanField(default=True)

    registry_status = models.CharField(_("status in the registry"), max_length=40, blank=True)
    stopped_because = models.TextField(_("stopped because"), blank=True)

    status = models.CharField(
        max_length=20, choices=StudyStatus, default=StudyStatus.PLANNING, editable=False
    )
    hold = models.CharField(max_length=20, choices=HoldState, default=HoldState.NONE, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["protocol_number", "pk"]
        verbose_name_plural = "studies"
        constraints = [
            models.UniqueConstraint(
                "sponsor",
                Lower("protocol_number"),
                name="study_protocol_number_once_a_sponsor",
                nulls_distinct=False,
                violation_error_message=_("This sponsor has a study with this protocol number already."),
            )
        ]
        permissions = [
            *role_permissions(),
            ("move_study", "Move a study along its life cycle"),
            ("import_study", "Import a study from a file"),
            ("view_plan", "See the protocol's plan"),
            ("change_plan", "Change the protocol's plan"),
            ("view_team", "See who works on a study"),
            ("view_workload", "See how much every monitor carries"),
            ("change_team", "Assign people"),
        ]

    def __str__(self):
        return self.protocol_number

    def clean(self):
        super().clean()
        if self.pk is None or not any(counts(self) for counts in ENROLMENT_COUNTED):
            return
        with everything("the event that was counted is compared with the one asked for"):
            counted = Study.objects.values_list("enrolment_event", flat=True).get(pk=self.pk)
        if counted != self.enrolment_event:
            raise ValidationError(
                {"enrolment_event": _("Subjects are counted by this event already; it no longer changes.")}
            )

    @property
    def nct_id(self):
        """The registry number, of a study read with its visible numbers as `shown_identifiers`."""
        shown = getattr(self, "shown_identifiers", ())
        return next((number.value for number in shown if number.kind == IdentifierKind.NCT), "")


class IdentifierKind(models.TextChoices):
    NCT = "NCT", _("NCT number")
    EU_CT = "EU_CT", _("EU CT number")
    EUDRACT = "EUDRACT", _("EudraCT number")
    IND = "IND", _("IND number")
    WHO_UTN = "WHO_UTN", _("WHO UTN")
    SPONSOR = "SPONSOR", _("Sponsor's number")
    OTHER = "OTHER", _("Other number")


@audited(called_by=("{kind}", "{value}"))
class StudyIdentifier(StudyOwned):
    """A number of the study in a registry or at an authority."""

    view_permission = "studies.view_study"
    seen_from_below = True
    always_published = True

    study = models.ForeignKey(Study, models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    value = models.CharField(max_length=80)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["study", "kind", "value"], name="studyidentifier_once"),
            # A registry number names one study: it is what files about the same study are matched by.
            models.UniqueConstraint(
                "kind",
                "value",
                name="studyidentifier_registry_number_once",
                condition=Q(kind__in=["NCT", "EU_CT", "EUDRACT"]),
                violation_error_message=_("Another study has this registry number."),
            ),
        ]

    def __str__(self):
        return self.value


@audited(called_by=("{organization}", "{part}"))
class StudyParty(StudyOwned):
    """An organization with a part in the study beside its sponsor and sites."""

    view_permission = "studies.view_study"
    seen_from_below = True

    class Part(models.TextChoices):
        COLLABORATOR = "COLLABORATOR", _("Collaborator")
        SERVICE_PROVIDER = "SERVICE_PROVIDER", _("Service provider")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=Part)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "organization", "part"], name="studyparty_once")
        ]

    def __str__(self):
        return f"{self.organization} ({self.get_part_display()})"


class CountryStatus(models.TextChoices):
    PLANNED = "PLANNED", _("Planned")
    START_UP = "START_UP", _("Start-up")
    OPEN = "OPEN", _("Open")
    RECRUITMENT_CLOSED = "RECRUITMENT_CLOSED", _("Recruitment closed")
    CLOSED = "CLOSED", _("Closed")
    DROPPED = "DROPPED", _("Dropped")


@audited(called_by=("{study}", "{nation}"))
class StudyCountry(StudyOwned):
    """A country's part in one study."""

    place_columns = {"study": "study", "country": "pk"}
    seen_from_below = True
    always_published = True

    nation = models.ForeignKey(Country, models.PROTECT, related_name="+")
    planned_sites = models.PositiveIntegerField(null=True, blank=True)
    planned_enrolled = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(
        max_length=20, choices=CountryStatus, default=CountryStatus.PLANNED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "study countries"
        constraints = [
            models.UniqueConstraint(
                fields=["study", "nation"],
                name="studycountry_once",
                violation_error_message=_("This country is part of the study already."),
            )
        ]
        permissions = [*role_permissions(), ("move_studycountry", "Move a country along its life cycle")]
        triggers = [pgtrigger.ReadOnly(name="stays_in_its_study", fields=["study", "nation"])]

    def __str__(self):
        return f"{self.nation.name}"

    def time_zone(self):
        return self.nation.zone


class SiteStatus(models.TextChoices):
    IDENTIFIED = "IDENTIFIED", _("Identified")
    UNDER_QUALIFICATION = "UNDER_QUALIFICATION", _("Under qualification")
    NOT_SELECTED = "NOT_SELECTED", _("Not selected")
    SELECTED = "SELECTED", _("Selected")
    START_UP = "START_UP", _("Start-up")
    INITIATED = "INITIATED", _("Initiated")
    ACTIVE = "ACTIVE", _("Active")
    ENROLMENT_HOLD = "ENROLMENT_HOLD", _("Enrolment hold")
    ENROLMENT_CLOSED = "ENROLMENT_CLOSED", _("Enrolment closed")
    CLOSED = "CLOSED", _("Closed")
    DROPPED = "DROPPED", _("Dropped")


# Sites that treat or follow subjects; those, and the initiated ones, are visited; those, and the closed ones, had their
# green light.
OPEN_SITES = (SiteStatus.ACTIVE, SiteStatus.ENROLMENT_HOLD, SiteStatus.ENROLMENT_CLOSED)
VISITED_SITES = (SiteStatus.INITIATED, *OPEN_SITES)
SITES_OVER = (SiteStatus.CLOSED, SiteStatus.DROPPED, SiteStatus.NOT_SELECTED)
RELEASED_SITES = (*OPEN_SITES, SiteStatus.CLOSED)


@audited(called_by=("{number}", "{organization}"))
class StudySite(StudyOwned):
    """One organization's part in one study under one investigator: "the site"."""

    place_columns = {"study": "study", "country": "country", "site": "pk"}
    seen_from_below = True
    always_published = True

    country = country_of_study()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    number = models.CharField(_("site number"), max_length=20, blank=True)
    planned_enrolled = models.PositiveIntegerField(null=True, blank=True)
    registry_status = models.CharField(_("status in the registry"), max_length=40, blank=True)
    source_key = models.CharField(max_length=64, blank=True, editable=False)
    zone = TimeZoneField(_("time zone"), blank=True)
    # What was checked when the site was released: written with the signature over it, and never again.
    green_light = models.JSONField(null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=20, choices=SiteStatus, default=SiteStatus.IDENTIFIED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "study",
                "number",
                name="studysite_number_once_a_study",
                condition=~Q(number=""),
                violation_error_message=_("Another site of this study has this number."),
            ),
            models.UniqueConstraint(
                "study", "source_key", name="studysite_source_key_once", condition=~Q(source_key="")
            ),
        ]
        permissions = [
            *role_permissions(),
            ("move_studysite", "Move a site along its life cycle"),
            ("activate_studysite", "Release a site to screen (green light)"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stays_in_its_country", fields=["study", "country"]),
            KnownZone(column="zone"),
            pgtrigger.Protect(
                name="keeps_its_green_light",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__green_light__isnull=False)
                & pgtrigger.Q(old__green_light__df=pgtrigger.F("new__green_light")),
            ),
        ]

    def __str__(self):
        return f"{self.number or '—'} · {self.organization.name}"

    def time_zone(self):
        return zone_named(self.zone, None) or self.country.nation.zone

    def as_signed(self):
        """Return what the green light covers: which site it is, and what was checked before it was released."""
        which = {
            "study": self.study.protocol_number,
            "number": self.number,
            "organization": self.organization.name,
            "country": self.country.nation_id,
        }
        if self.green_light is None:
            return {"scheme": "study-site/1", **which}  # signed before the checks were kept with it
        return {"scheme": "study-site/2", **which, "green_light": self.green_light}

    @property
    def calendar_country(self):
        """The country whose public holidays hold at the site, ISO alpha-2."""
        return self.country.nation_id or settings.HOUSE_COUNTRY
