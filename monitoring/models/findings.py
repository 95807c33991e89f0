"""What comes out of visits and lives on its own: action items and protocol deviations."""

from functools import cached_property
from textwrap import shorten
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from sites.models import SiteContact
from subjects.models import subject_code

from .reports import MonitoringReport
from .templates import NamesAQuestionOfItsReport, TemplateQuestion

# So many letters of what was written stand in a title.
TITLE_LONG = 90


class ActionItemStatus(models.TextChoices):
    OPEN = "OPEN", _("Open")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    RESOLVED = "RESOLVED", _("Resolved by the site")
    CLOSED = "CLOSED", _("Closed")
    CANCELLED = "CANCELLED", _("Cancelled")


STILL_OPEN = (ActionItemStatus.OPEN, ActionItemStatus.IN_PROGRESS, ActionItemStatus.RESOLVED)


class Responsible(models.TextChoices):
    SITE = "SITE", _("Site")
    CRA = "CRA", _("CRA")
    CRO = "CRO", _("CRO")
    SPONSOR = "SPONSOR", _("Sponsor")


class ActionItemQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(status__in=STILL_OPEN)

    def overdue(self, on):
        return self.open().filter(due_on__lt=on)


class RaisedAtAQuestion(models.Model):
    """What may have come up at a question of the report it was raised in."""

    raised_in: Any
    question_key = models.SlugField(_("question"), max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True

    @cached_property
    def question_asked(self):
        """The text of the question it was raised at, as its report asks it; '' where it was raised at none."""
        if not self.question_key:
            return ""
        asked = TemplateQuestion.objects.filter(template=self.raised_in.template_id, key=self.question_key)
        return asked.values_list("text", flat=True).get()


class StaysWithItsContact(pgtrigger.Trigger):
    """An item that follows from a contact lies at its site and in its circle: a blinded one would tell of it."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model):
        return """
            IF EXISTS (SELECT 1 FROM sites_sitecontact WHERE id = NEW.raised_from_id
                AND (unblinded <> NEW.unblinded OR site_id <> NEW.site_id)) THEN
                RAISE EXCEPTION 'An item lies at the site and in the circle of the contact it follows from.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """


@audited(called_by=("{number}", "{site}"))
class ActionItem(RaisedAtAQuestion, StudyOwned):
    """One thing somebody does by a date. The item is the record; a report keeps how it stood at approval."""

    country = country_of_study(editable=False)
    site = site_of_study()
    number = models.PositiveIntegerField(editable=False)
    raised_in = models.ForeignKey(
        MonitoringReport, models.PROTECT, null=True, blank=True, related_name="action_items", editable=False
    )
    # The call or mail with the site it came up in; an unblinded one raises unblinded items only.
    raised_from = models.ForeignKey(
        SiteContact, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    text = models.TextField()
    responsible = models.CharField(max_length=10, choices=Responsible, default=Responsible.SITE)
    opened_on = models.DateField()
    due_on = models.DateField()
    resolution = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    status = models.CharField(
        max_length=15, choices=ActionItemStatus, default=ActionItemStatus.OPEN, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "unblinded", "number"], name="actionitem_number_once"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("opened_on")),
                name="actionitem_due_after_opening",
                violation_error_message=_("The due day lies before the day the item was opened."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="actionitem_closed_after_opening",
                violation_error_message=_("It cannot have been closed before it was opened."),
            ),
        ]
        permissions = [
            ("progress_actionitem", "Record progress of an action item"),
            ("close_actionitem", "Close, cancel or reopen an action item"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_blinding", fields=["unblinded"]),
            StaysWithItsContact(name="d_stays_with_its_contact"),
            NamesAQuestionOfItsReport(name="d_names_a_question_of_its_report", report="raised_in_id"),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(status__in=("OPEN", "IN_PROGRESS", "RESOLVED")),
                name="actionitem_open_due",
            )
        ]

    def __str__(self):
        return f"{self.label}: {shorten(self.text, TITLE_LONG, placeholder='…')}"

    @property
    def label(self):
        return f"AI {self.number}" + (_(" (unblinded)") if self.unblinded else "")

    def age_days(self, on):
        """Return calendar days since it was opened, up to its closing."""
        return ((self.closed_on or on) - self.opened_on).days

    def time_zone(self):
        return self.site.time_zone()


class DeviationStatus(models.TextChoices):
    NEW = "NEW", _("New")
    UNDER_REVIEW = "UNDER_REVIEW", _("Under review")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    NOT_A_DEVIATION = "NOT_A_DEVIATION", _("Not a deviation")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


# What turned out to be none: it keeps its number and counts as none.
NO_DEVIATION = (DeviationStatus.NOT_A_DEVIATION, DeviationStatus.WITHDRAWN)


class Importance(models.TextChoices):
    """By the study's own criteria (ICH E6(R3) 3.9.3, E3 Q&A R1 Q7)."""

    IMPORTANT = "IMPORTANT", _("Important")
    NOT_IMPORTANT = "NOT_IMPORTANT", _("Not important")


class DeviationCategory(models.TextChoices):
    CONSENT = "CONSENT", _("Informed consent")
    ELIGIBILITY = "ELIGIBILITY", _("Eligibility")
    WINDOW = "WINDOW", _("Out of window")
    MISSED_ASSESSMENT = "MISSED_ASSESSMENT", _("Missed assessment")
    MISSED_VISIT = "MISSED_VISIT", _("Missed subject visit")
    DOSING = "DOSING", _("Dosing")
    PROHIBITED_MEDICATION = "PROHIBITED_MEDICATION", _("Prohibited medication")
    SAMPLE = "SAMPLE", _("Sample or laboratory")
    PRODUCT = "PRODUCT", _("Investigational product")
    SAFETY_REPORTING = "SAFETY_REPORTING", _("Safety reporting")
    OTHER = "OTHER", _("Other")


UNSETTLED = (DeviationStatus.NEW, DeviationStatus.UNDER_REVIEW)


class DeviationQuerySet(ScopedQuerySet):
    def unsettled(self):
        return self.filter(status__in=UNSETTLED)


class NamesASubjectOfItsSite(pgtrigger.Trigger):
    """
    Refuse a subject that was never at the site, where the subjects of the study are kept here.

    Asked when the number is written: somebody transferred later keeps what happened at the former site.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model):
        return """
            IF NEW.subject_number = '' OR (TG_OP = 'UPDATE' AND NEW.subject_number = OLD.subject_number) THEN
                RETURN NEW;
            END IF;
            IF EXISTS (SELECT 1 FROM subjects_subject WHERE study_id = NEW.study_id) AND NOT EXISTS (
                SELECT 1 FROM subjects_subject AS one WHERE one.study_id = NEW.study_id
                AND one.number = NEW.subject_number AND (one.site_id = NEW.site_id OR EXISTS (
                    SELECT 1 FROM subjects_subjecttransfer WHERE subject_id = one.id AND from_site_id = NEW.site_id))) THEN
                RAISE EXCEPTION 'A deviation names a subject of its own site.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """  # noqa: E501 - made of declarations, never of input


@audited(called_by=("{number}", "{site}"))
class Deviation(RaisedAtAQuestion, StudyOwned):
    """Any departure from the protocol; whether it is important is decided in review, by the study's criteria."""

    country = country_of_study(editable=False)
    site = site_of_study()
    number = models.PositiveIntegerField(editable=False)
    raised_in = models.ForeignKey(
        MonitoringReport, models.PROTECT, null=True, blank=True, related_name="deviations", editable=False
    )
    subject_number = models.CharField(max_length=30, blank=True, validators=[subject_code])
    category = models.CharField(max_length=25, choices=DeviationCategory)
    description = models.TextField()
    occurred_on = models.DateField()
    identified_on = models.DateField()
    importance = models.CharField(max_length=15, choices=Importance, blank=True)
    immediate_action = models.TextField(blank=True)
    unblinded = models.BooleanField(default=False, editable=False)
    status = models.CharField(
        max_length=20, choices=DeviationStatus, default=DeviationStatus.NEW, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "unblinded", "number"], name="deviation_number_once"),
            models.CheckConstraint(
                condition=Q(identified_on__gte=models.F("occurred_on")),
                name="deviation_identified_after_it_occurred",
                violation_error_message=_("It cannot have been identified before it occurred."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("CONFIRMED", "CLOSED")) | ~Q(importance=""),
                name="deviation_confirmed_is_classified",
                violation_error_message=_("Say whether the deviation is important."),
            ),
        ]
        permissions = [("classify_deviation", "Review and classify protocol deviations")]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_blinding", fields=["unblinded"]),
            # After "b_…", which fills the place.
            NamesASubjectOfItsSite(name="d_names_a_subject_of_its_site"),
            NamesAQuestionOfItsReport(name="d_names_a_question_of_its_report", report="raised_in_id"),
        ]

    def __str__(self):
        return f"{self.label}: {shorten(self.description, TITLE_LONG, placeholder='…')}"

    @property
    def label(self):
        return f"PD {self.number}" + (_(" (unblinded)") if self.unblinded else "")

    def time_zone(self):
        return self.site.time_zone()
