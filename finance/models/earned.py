"""Units that are done and countable: one row each, booked from a fact and never edited."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned
from ctms.audit.trail import audited

from .budget_lines import BudgetLine, units_field
from .budgets import VIEW


@audited(called_by=("{label}", "{month}"))
class EarnedUnit(StudyOwned):
    """
    A unit of a line earned by a fact, on the day the fact has where it happened.

    `source` names the fact, such as monitoring.MonitoringReport/12; `booking` counts the rows of one fact: 0 is the
    first, every later one corrects it when the fact went away or became another. A correction lies in the month it
    was found in, so that a month that was reported and invoiced stays what it was.
    """

    place_from = "line"
    view_permission = VIEW

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="earned")
    unblinded = models.BooleanField(default=False, editable=False)
    month = models.DateField()
    day = models.DateField()
    quantity = units_field()
    source = models.CharField(max_length=120)
    label = models.CharField(_("earned by"), max_length=300)
    booking = models.PositiveIntegerField(default=0)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    explanation = models.CharField(_("why"), max_length=400, blank=True)
    booked_on = models.DateField(_("booked"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "source", "booking"], name="earnedunit_once_a_fact"),
            models.CheckConstraint(
                condition=Q(booking=0, corrects__isnull=True) | Q(booking__gt=0, corrects__isnull=False),
                name="earnedunit_a_correction_names_what_it_corrects",
            ),
            models.CheckConstraint(condition=~Q(quantity=0), name="earnedunit_is_something"),
            models.CheckConstraint(
                condition=Q(month__day=1)
                & Q(month__year=models.F("day__year"), month__month=models.F("day__month")),
                name="earnedunit_in_the_month_of_its_day",
            ),
            models.CheckConstraint(
                condition=Q(booking=0) & ~Q(source__startswith="manual/") | ~Q(explanation=""),
                name="earnedunit_by_hand_or_corrected_says_why",
                violation_error_message=_("Say why these units are entered by hand."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(fields=["line", "month"], name="earnedunit_line_month")]

    def __str__(self):
        return f"{self.line.code} · {self.label}"
