"""What the portfolio shows: each room's figures of many studies at once, as far as the person sees them."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.money.amounts import ZERO
from ctms.pictures.small import bar, trend
from documents.calculations import Completeness
from documents.services import completeness_in
from finance.models import Budget
from finance.services import Worth, worths_of
from monitoring.services.figures import MonitoringFigures, deviations_by_month, figures_by
from studies.models import OPEN_SITES, Study, StudySite, StudyStatus
from studies.pages import StudyRecord
from studies.services.plan_standing import MOVED_WITHIN_DAYS, PlanStanding, moved_since, plans_in
from subjects.services.enrolment import RECENT_MONTHS, StudyEnrolment, enrolment_in
from subjects.services.enrolment_counts import last_months

from .judging import (
    NO_DATE,
    NOT_JUDGED,
    Judgement,
    judge_enrolment,
    judge_file,
    judge_money,
    judge_monitoring,
    judge_time,
    reasons_of,
    worst_of,
)

GRAVITY = {"red": 0, "amber": 1, "green": 2, "grey": 3}
OVER = (StudyStatus.ARCHIVED, StudyStatus.CANCELLED)


@dataclass(frozen=True)
class StudyRow:
    """One study in one row; None stands for what the person may not see of it."""

    study: Study
    plan: PlanStanding
    sites_open: int
    sites_total: int
    enrolment: StudyEnrolment | None
    monitoring: MonitoringFigures | None
    file: Completeness | None
    money: Worth | None
    judged: dict[str, Judgement] = field(default_factory=dict)
    moved_days: int = 0  # how far the date shown was moved within four weeks, later above zero
    deviations: list[int] | None = None  # in each of the last months
    earned: list[Decimal] | None = None  # in each of the last months
    sees_subjects: bool = False  # whom the number of subjects opens the page of enrolment

    @property
    def states_open(self):
        """What a list of the sites is asked so that it shows those that count as open."""
        return urlencode({"status": OPEN_SITES}, doseq=True)

    @property
    def worst(self):
        """The gravest judgement; a study without any date ahead may be at risk, but on plan it is not."""
        found = worst_of(self.judged.values())
        return NO_DATE if self.date_shown is None and found.tone == "green" else found

    @property
    def reasons(self):
        """Why the study has its colour, the gravest reason first."""
        return [NO_DATE.sentence] if self.worst is NO_DATE else reasons_of(self.judged.values())

    @property
    def date_shown(self):
        return self.plan.date_shown

    @property
    def moved_earlier(self):
        return -self.moved_days

    @property
    def enrolment_bar(self):
        if not (self.enrolment and self.enrolment.planned):
            return ""
        return bar(
            self.enrolment.enrolled,
            self.enrolment.planned,
            _("%(n)d of %(planned)d planned subjects enrolled")
            % {"n": self.enrolment.enrolled, "planned": self.enrolment.planned},
            tone=self.judged["enrolment"].tone,
            expected=self.enrolment.planned_so_far,
        )

    @property
    def enrolment_trend(self):
        if self.enrolment is None:
            return ""
        months = ", ".join(str(number) for number in self.enrolment.recent)
        return trend(self.enrolment.recent, _("Enrolled in each of the last months: %(n)s") % {"n": months})

    @property
    def deviation_trend(self):
        if self.deviations is None:
            return ""
        months = ", ".join(str(number) for number in self.deviations)
        return trend(self.deviations, _("Deviations in each of the last months: %(n)s") % {"n": months})

    @property
    def money_trend(self):
        if self.earned is None or self.money is None:
            return ""
        months = ", ".join(f"{amount:,.0f}" for amount in self.earned)
        words = {"n": months, "currency": self.money.budget.currency}
        return trend(
            [max(amount, ZERO) for amount in self.earned],
            _("Earned in each of the last months: %(n)s %(currency)s") % words,
        )

    @property
    def file_bar(self):
        if not (self.file and self.file.assessed):
            return ""
        label = _("%(numbers)s documents due are settled") % {"numbers": self.file}
        return bar(self.file.settled, self.file.due, label, tone=self.judged["file"].tone)

    @property
    def money_words(self):
        """In thousands: a portfolio is read at a glance, the exact sums stand on the budget's page."""
        if self.money is None:
            return ""
        return _("%(earned)s of %(contracted)sk %(currency)s") % {
            "earned": f"{self.money.earned / 1000:,.0f}",
            "contracted": f"{self.money.contracted / 1000:,.0f}",
            "currency": self.money.budget.currency,
        }

    @property
    def money_bar(self):
        if not (self.money and self.money.contracted):
            return ""
        label = _("%(numbers)s earned") % {"numbers": self.money_words}
        return bar(self.money.earned, self.money.contracted, label, tone=self.judged["money"].tone)


def studies_in_portfolio(user):
    """Return the studies of a person that are not over, by number."""
    return list(StudyRecord.rows(user).exclude(status__in=OVER).order_by("protocol_number", "pk"))


def rows_of(user, studies, on, reports=None) -> list[StudyRow]:
    """
    Return a StudyRow a study; the number of queries does not grow with the studies.

    :param reports: the open reports by study, where somebody has counted them already
    """
    plans = plans_in(user, studies, on)
    sites = _sites(user, studies)
    enrolment = enrolment_in(user=user, studies=studies, on=on)
    monitoring = _monitoring(user, studies, on, reports)
    files = _files(user, studies, on)
    money = _money(user, studies, on)
    months = last_months(on, RECENT_MONTHS)
    deviations = _deviations(user, studies, months)
    moved = _moved(user, plans, on)
    return [
        _judged(
            StudyRow(
                study=study,
                plan=plans[study.pk],
                sites_open=sum(sites[study.pk].get(state, 0) for state in OPEN_SITES),
                sites_total=sum(sites[study.pk].values()),
                enrolment=enrolment.get(study.pk),
                monitoring=monitoring.get(study.pk),
                file=files.get(study.pk),
                money=money.get(study.pk),
                moved_days=moved.get(study.pk, 0),
                deviations=deviations.get(study.pk),
                earned=_earned(money.get(study.pk), months),
                sees_subjects=user.has_perm("subjects.view_subject", study),
            ),
            on,
        )
        for study in studies
    ]


def gravest_first(rows):
    """Return the rows with the most to worry about first."""
    return sorted(
        rows,
        key=lambda row: (
            GRAVITY[row.worst.tone],
            -sum(one.tone == row.worst.tone for one in row.judged.values()),
            row.study.protocol_number,
        ),
    )


def _judged(row, on):
    row.judged.update(
        time=judge_time(row.date_shown, on),
        enrolment=judge_enrolment(row.enrolment) if row.enrolment else NOT_JUDGED,
        monitoring=judge_monitoring(row.monitoring) if row.monitoring else NOT_JUDGED,
        file=judge_file(row.file) if row.file else NOT_JUDGED,
        money=judge_money(row.money, row.enrolment) if row.money else NOT_JUDGED,
    )
    return row


def _allowed(user, permission, studies):
    return [study for study in studies if user.has_perm(permission, study)]


def _sites(user, studies):
    found: dict[int, dict[Any, int]] = {study.pk: {} for study in studies}
    rows = StudySite.objects.visible_to(user).filter(study__in=studies).order_by()
    for study, status, count in rows.values_list("study", "status").annotate(Count("pk")):
        found[study][status] = count
    return found


def _monitoring(user, studies, on, reports):
    seen = _allowed(user, "monitoring.view_monitoringreport", studies)
    return figures_by(user, "study", [study.pk for study in seen], on, reports)


def _deviations(user, studies, months):
    seen = _allowed(user, "monitoring.view_deviation", studies)
    return deviations_by_month(user, seen, months)


def _moved(user, plans, on):
    shown = {pk: plan.date_shown for pk, plan in plans.items() if plan.date_shown}
    morning = datetime.combine(on - timedelta(days=MOVED_WITHIN_DAYS), time.min)
    moved = moved_since(user, list(shown.values()), timezone.make_aware(morning))
    return {pk: moved.get(milestone.pk, 0) for pk, milestone in shown.items()}


def _earned(money, months):
    return [money.by_month.get(month, ZERO) for month in months] if money else None


def _files(user, studies, on):
    seen = _allowed(user, "documents.view_expecteddocument", studies)
    found = completeness_in(user, seen, on)
    return {study.pk: found.get(study.pk, Completeness()) for study in seen}


def _money(user, studies, on):
    budgets = list(
        Budget.objects.visible_to(user).filter(study__in=studies, unblinded=False).order_by("study", "pk")
    )
    worths = worths_of(user, budgets, on)
    return {budget.study_id: worths[budget.pk] for budget in budgets}
