"""Reports that were run, as they were read; and those that come round by themselves."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import append_only, audited
from ctms.files.models import StoredFile

from .declare import title_of
from .rhythm import in_words


def held_by(user, study_id=None):
    """Return a person's live grants as texts; only those that reach into one study, if one is named."""
    return sorted(
        f"{grant.role} {grant.study or '-'}/{grant.country or '-'}/{grant.site or '-'}"
        f"{' unblinded' if grant.unblinded else ''}"
        for grant in access_of(user).grants
        if study_id is None or grant.study in (None, study_id)
    )


class RunQuerySet(ScopedQuerySet):
    def visible_to(self, user, *permissions):
        """Keep the person's own runs, and of these what shows no more than they may still see."""
        return super().visible_to(user, *permissions).filter(reader=user, held__contained_by=held_by(user))


class ReportScope(StudyOwned):
    """A study, or one country or one site of it."""

    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    report = models.CharField(max_length=60)

    class Meta:
        abstract = True

    @property
    def title(self):
        return title_of(self.report)

    @property
    def place_record(self):
        return self.site or self.country or self.study

    @property
    def place_label(self):
        """The study, and the country or site of it."""
        below = self.site or self.country
        return f"{self.study.protocol_number} · {below}" if below else self.study.protocol_number


class Rhythm(models.TextChoices):
    WEEKLY = "WEEKLY", _("Every week")
    MONTHLY = "MONTHLY", _("Every month")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ScheduleStatus(models.TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    STOPPED = "STOPPED", _("Stopped")


@audited(called_by=("{report}", "{study}"))
class ReportSchedule(ReportScope):
    """
    A report that comes round: who gets it on which day. What it asks for never changes; another one is made instead.

    Each reader gets a run of their own, computed with what they may see.
    """

    # Whoever works at the place sees that a report of it comes round, and who gets it.
    seen_from_below = True

    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday, null=True, blank=True, help_text=_("Of a weekly report.")
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Of a monthly report, from 1 to 28."),
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    starts_on = models.DateField(_("from"), editable=False)
    status = models.CharField(
        max_length=10, choices=ScheduleStatus, default=ScheduleStatus.ACTIVE, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm="WEEKLY", weekday__isnull=False, month_day__isnull=True)
                | Q(rhythm="MONTHLY", weekday__isnull=True, month_day__isnull=False),
                name="reportschedule_says_its_day",
                violation_error_message=_("Say the day of the week, or of the month: the one that fits."),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="asks_for_the_same",
                fields=[
                    "study", "country", "site", "report", "rhythm", "weekday", "month_day", "owner", "starts_on",
                ],
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.title} · {self.place_label}"

    @property
    def when(self):
        return in_words(self.rhythm, self.weekday, self.month_day)

    @property
    def readers(self):
        """The readers' names, of a schedule read with them as `shown_recipients`."""
        return [str(recipient.user) for recipient in getattr(self, "shown_recipients", ())]


@append_only
class ReportRecipient(StudyOwned):
    """Somebody who gets a scheduled report."""

    place_from = "schedule"
    view_permission = "reports.view_reportschedule"
    seen_from_below = True

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="recipients")
    country = country_of_study(null=True, blank=True, editable=False)
    site = site_of_study(null=True, blank=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "user"], name="reportrecipient_once")]

    def __str__(self):
        return str(self.user)


@audited(called_by=("{report}", "{status_on}"), exclude=("facts",))
class ReportRun(ReportScope):
    """
    One report as one person read it: what it was asked for, its frozen facts, and the file made of them.

    It is opened as it was, by its reader alone, and only while they hold everything they held when it was computed:
    a run shows what those grants showed.
    """

    seen_from_below = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    held = ArrayField(models.CharField(max_length=120), editable=False)
    schedule = models.ForeignKey(
        ReportSchedule, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    period = models.DateField(_("sent for"), null=True, blank=True, editable=False)
    status_on = models.DateField(_("as of"))
    cut_at = models.DateTimeField(_("data cut"), editable=False)
    facts = models.JSONField(editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "reader", "period"],
                condition=Q(schedule__isnull=False),
                name="reportrun_sent_once",
            )
        ]
        indexes = [models.Index(fields=["reader", "-id"], name="reportrun_of_reader")]
        triggers = [
            pgtrigger.ReadOnly(
                name="stays_as_it_was",
                fields=[
                    "study", "country", "site", "report", "reader", "held", "schedule", "period", "status_on",
                    "cut_at", "facts", "sha256", "made_at",
                ],
            ),
            pgtrigger.Protect(
                name="filed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__file__isnull=False) & pgtrigger.Q(old__file__df=pgtrigger.F("new__file")),
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("%(title)s · %(place)s · %(day)s") % {
            "title": self.title, "place": self.place_label, "day": self.status_on.strftime("%-d %b %Y"),
        }  # fmt: skip

    @classmethod
    def event_attributes(cls):
        """Its history is told to its reader alone as well."""
        return {"objects": RunQuerySet.as_manager()}

    @property
    def came(self):
        return _("sent by schedule") if self.schedule_id else _("asked for")
