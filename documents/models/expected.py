"""Which documents are to be there, by rule and by what happened, and where the file is kept."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited

from .reference import Artifact


class Level(models.TextChoices):
    STUDY = "STUDY", _("Study")
    COUNTRY = "COUNTRY", _("Country")
    SITE = "SITE", _("Site")


class Gate(models.TextChoices):
    """What may not happen before the document is there."""

    NONE = "", _("None")
    INITIATION = "INITIATION", _("Initiation")
    ACTIVATION = "ACTIVATION", _("Activation")


class EventKind(models.TextChoices):
    """What brings documents due; each happens at one place."""

    STUDY_STARTED = "STUDY_STARTED", _("Study in start-up")
    STUDY_CLOSED = "STUDY_CLOSED", _("Study closed")
    COUNTRY_STARTED = "COUNTRY_STARTED", _("Country in start-up")
    SITE_SELECTED = "SITE_SELECTED", _("Site selected")
    SITE_INITIATED = "SITE_INITIATED", _("Site initiated")
    SITE_ACTIVATED = "SITE_ACTIVATED", _("Site activated")
    SITE_CLOSED = "SITE_CLOSED", _("Site closed")
    VISIT_CONDUCTED = "VISIT_CONDUCTED", _("Monitoring visit conducted")


@audited(called_by=("{label}", "{key}"))
class ExpectationRule(models.Model):
    """
    One line of the house's expected documents list: after which event, where, under which conditions.

    Rules are versioned data: a changed rule is a new row with the same key and the next edition, and what was
    expected before stays as it was. Countries are codes, or a group such as EU_EEA.
    """

    view_permission = "documents.view_artifact"

    key = models.SlugField(max_length=60)
    edition = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False)
    event = models.CharField(max_length=20, choices=EventKind)
    artifact_number = models.CharField(
        _("artifact"), max_length=12, blank=True, help_text=_("Empty: the event names it.")
    )
    label = models.CharField(max_length=200, blank=True, help_text=_("Empty: the artifact's name."))
    part = models.SlugField(max_length=40, blank=True, help_text=_("Which paper about the same event."))
    gate = models.CharField(max_length=12, choices=Gate, blank=True, default=Gate.NONE)
    number_expected = models.PositiveSmallIntegerField(default=1)
    due_days = models.PositiveSmallIntegerField(
        _("due after days"), null=True, blank=True, help_text=_("Empty: the event says when.")
    )
    in_countries = models.CharField(_("only in"), max_length=200, blank=True)
    not_in_countries = models.CharField(_("not in"), max_length=200, blank=True)
    phases = models.CharField(_("only in phases"), max_length=120, blank=True)
    masking = models.CharField(
        max_length=8, blank=True, choices=[("MASKED", _("Masked studies")), ("OPEN", _("Open studies"))]
    )
    investigational_new_drug = models.CharField(
        _("IND"), max_length=4, blank=True, choices=[("YES", _("Under an IND")), ("NO", _("Without an IND"))]
    )
    unblinded = models.BooleanField(_("of the unblinded circle"), default=False)
    optional = models.BooleanField(_("only where the study asks for it"), default=False)

    class Meta:
        ordering = ["key", "edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="expectationrule_edition_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(retired=False), name="expectationrule_one_edition_in_use"
            ),
        ]

    def __str__(self):
        return self.label or self.key


@audited(called_by=("{rule_key}",))
class StudyExpectation(StudyOwned):
    """What one study asks otherwise than the house: an optional rule wanted, or a usual one not."""

    view_permission = "documents.view_expecteddocument"
    seen_from_below = True

    rule_key = models.SlugField(_("rule"), max_length=60)
    wanted = models.BooleanField(default=True)
    why = models.CharField(_("why"), max_length=400)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "rule_key"],
                name="studyexpectation_once",
                violation_error_message=_("The study has said this about the rule already."),
            )
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_rule", fields=["study", "rule_key"])]

    def __str__(self):
        return f"{self.study}: {self.rule_key}"


class ExpectedStatus(models.TextChoices):
    EXPECTED = "EXPECTED", _("Expected")
    RECEIVED = "RECEIVED", _("Received, in progress")
    FULFILLED = "FULFILLED", _("Fulfilled")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")


OUTSTANDING = (ExpectedStatus.EXPECTED, ExpectedStatus.RECEIVED)
LATE_EXPECTED = _("Expected documents that are not fulfilled and whose due day has passed.")


class ExpectedQuerySet(ScopedQuerySet):
    def outstanding(self):
        return self.filter(status__in=OUTSTANDING)

    def late(self, on):
        """Keep what is past its due day on a day; nobody types that something is late."""
        return self.outstanding().filter(due_on__lt=on)

    def due(self, on):
        """Keep what counts towards completeness on a day: with a due day that has passed (etmf.md 5.4)."""
        return self.filter(due_on__lt=on)


@audited(called_by=("{label}", "{artifact}"))
class ExpectedDocument(StudyOwned):
    """
    One document that is to be in the file of a study, a country or a site.

    `key` is made of the rule and the event that brought it, so that bringing twice expects once. `source` is the key
    of what it is about, such as a visit: only a document about the same fulfils it.
    """

    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    level = models.CharField(max_length=8, choices=Level, editable=False)
    artifact = models.ForeignKey(Artifact, models.PROTECT, related_name="+")
    label = models.CharField(max_length=300, blank=True)
    rule = models.ForeignKey(ExpectationRule, models.PROTECT, null=True, editable=False, related_name="+")
    key = models.CharField(max_length=240, blank=True, editable=False)
    source = models.CharField(max_length=160, blank=True, editable=False)
    gate = models.CharField(_("needed for"), max_length=12, choices=Gate, blank=True, default=Gate.NONE)
    number_expected = models.PositiveSmallIntegerField(_("how many"), default=1)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # The last day of what stood for it; then it is due anew, and its due day is that day.
    expired_on = models.DateField(_("expired on"), null=True, blank=True, editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    filed_system = models.CharField(_("filed in"), max_length=120, blank=True)
    filed_number = models.CharField(_("under number"), max_length=120, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    status = models.CharField(
        max_length=16, choices=ExpectedStatus, default=ExpectedStatus.EXPECTED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ExpectedQuerySet.as_manager()

    class Meta:
        verbose_name = _("expected document")
        constraints = [
            models.UniqueConstraint("key", name="expecteddocument_key_once", condition=~Q(key="")),
            models.CheckConstraint(
                condition=Q(level="SITE", site__isnull=False)
                | Q(level="COUNTRY", site__isnull=True, country__isnull=False)
                | Q(level="STUDY", site__isnull=True, country__isnull=True),
                name="expecteddocument_level_is_its_place",
            ),
            models.CheckConstraint(
                condition=Q(number_expected__gte=1),
                name="expecteddocument_at_least_one",
                violation_error_message=_("At least one is expected."),
            ),
        ]
        permissions = [("waive_expecteddocument", "Mark an expected document not applicable")]
        indexes = [models.Index(fields=["study", "status", "due_on"], name="expecteddocument_due")]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_its_identity",
                fields=["study", "country", "site", "key", "source", "rule", "unblinded", "added_by"],
            )
        ]

    def __str__(self):
        return f"{self.label or self.artifact.name} · {self.place_label}"

    @property
    def name(self):
        return self.label or self.artifact.name

    @property
    def place_label(self):
        return str(self.site or self.country or self.study)

    def fill_place(self):
        super().fill_place()
        self.level = Level.SITE if self.site_id else Level.COUNTRY if self.country_id else Level.STUDY


class TmfHome(models.TextChoices):
    OURS = "OURS", _("Here")
    SPONSOR = "SPONSOR", _("With the sponsor")
    OTHER = "OTHER", _("In another system")


@audited(called_by=("{home}", "{system}"))
class TmfPlace(StudyOwned):
    """
    Where a study's trial master file is kept from a day on (practice.md, Foundation 2).

    In many studies the sponsor's system is the only file; then an expected document is fulfilled by reference.
    """

    view_permission = "documents.view_expecteddocument"
    seen_from_below = True

    home = models.CharField(_("kept"), max_length=8, choices=TmfHome)
    system = models.CharField(_("name of the system"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("place of the file")
        verbose_name_plural = _("places of the file")
        constraints = [
            models.UniqueConstraint(
                fields=["study", "starts_on"],
                name="tmfplace_once_a_day",
                violation_error_message=_("Where the file is kept from that day is said already."),
            ),
            models.CheckConstraint(
                condition=Q(home="OURS") | ~Q(system=""),
                name="tmfplace_names_its_system",
                violation_error_message=_("Name the system the file is kept in."),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="stays_in_its_study", fields=["study"])]

    def __str__(self):
        return f"{self.get_home_display()}{f': {self.system}' if self.system else ''}"
