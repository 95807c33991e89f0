"""What happened at the sites of a study that their agreements pay for, and at which rate."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from ctms.workflow.models import TransitionRecord
from finance.calculations.rating import NOTHING, Ledger, rated, split
from finance.models import (
    SETTLED,
    AgreementStatus,
    FeeKind,
    FeeSchedule,
    HoldbackRelease,
    InvoicedCost,
    Payable,
    PayableKind,
    PayeeShare,
    ScheduleStatus,
    SiteAgreement,
)
from studies.models import RELEASED_SITES, Milestone, MilestoneStatus, StudySite
from subjects.models import Subject, SubjectVisit, SubjectVisitStatus, VisitKind


@dataclass(frozen=True)
class Event:
    """One thing that happened; `key` names it whatever is found out about it later."""

    key: str
    kind: str
    site: int
    on: date
    what: str
    planned_visit: int | None = None
    subject_visit: int | None = None
    subject: int | None = None
    cost: Any = None


@dataclass(frozen=True)
class Target:
    """One row that should be owed: an event's part for one payee."""

    event: Event
    part: int
    agreement: int
    fee: int | None
    payee: int | None
    currency: str
    ledger: Ledger


class Terms:
    """The agreements, schedules, fees and payees of a study's sites, read once."""

    def __init__(self, study):
        self.agreements = {one.pk: one for one in SiteAgreement.objects.filter(study=study).order_by("pk")}
        self.schedules, self.fees, self.shares = defaultdict(list), {}, defaultdict(list)
        for schedule in FeeSchedule.objects.filter(study=study).prefetch_related("fees"):
            self.schedules[schedule.site_id].append(schedule)
            self.fees[schedule.pk] = list(schedule.fees.all())
        for share in PayeeShare.objects.filter(study=study).order_by("part"):
            self.shares[share.agreement_id].append(share)

    def schedule_on(self, site, day):
        """Return the schedule in force on a day; while none is approved, the draft for it."""
        found = [one for one in self.schedules[site] if one.effective_from <= day]
        approved = [
            one
            for one in found
            if one.status != ScheduleStatus.DRAFT and (one.effective_to is None or day <= one.effective_to)
        ]
        drafts = [one for one in found if one.status == ScheduleStatus.DRAFT]
        return next(iter(approved or drafts), None)

    def fee_for(self, event):
        """Return the fee an event is paid by, or None."""
        if event.cost is not None:
            return event.cost.fee
        schedule = self.schedule_on(event.site, event.on)
        fees = self.fees.get(schedule.pk, ()) if schedule else ()
        return next(
            (fee for fee in fees if fee.kind == event.kind and fee.planned_visit_id == event.planned_visit),
            None,
        )

    def pays_failures(self, site, day):
        schedule = self.schedule_on(site, day)
        return schedule is not None and any(
            fee.kind == FeeKind.SCREEN_FAILURE for fee in self.fees[schedule.pk]
        )

    def current_agreement(self, site):
        """Return the agreement in force at a site, else the newest."""
        found = [one for one in self.agreements.values() if one.site_id == site]
        in_force = [one for one in found if one.status == AgreementStatus.FULLY_EXECUTED]
        return next(reversed(in_force or found), None)

    def shares_of(self, agreement):
        """Return [(part, payee, percent)] of an agreement; without any, nobody is paid yet."""
        shares = self.shares[agreement.pk]
        return [(share.part, share.payee_id, share.percent) for share in shares] or [(1, None, 100)]

    def targets(self, event):
        """Return what should be owed for an event, a row a payee."""
        fee = self.fee_for(event)
        if fee is None:
            return []
        schedule = next(one for one in self.schedules[event.site] if one.pk == fee.schedule_id)
        agreement = self.agreements[schedule.agreement_id]
        ledger = rated(
            fee.amount * (event.cost.quantity if event.cost is not None else 1),
            agreement.currency,
            overhead_percent=schedule.overhead_percent if fee.overhead_applies else 0,
            holdback_percent=schedule.holdback_percent if fee.holdback_applies else 0,
        )
        shares = self.shares_of(agreement)
        parts = split(ledger, [percent for _part, _payee, percent in shares], agreement.currency)
        return [
            Target(event, part, agreement.pk, fee.pk, payee, agreement.currency, ledger)
            for (part, payee, _percent), ledger in zip(shares, parts, strict=True)
        ]


def targets_of(study, terms):
    """Return every row that should be owed in a study today: {event key: {part: Target}}."""
    events = [*_subject_events(study, terms), *_site_events(study, terms), *_invoices(study)]
    found = [target for event in events for target in terms.targets(event)]
    found += _holdbacks(study, terms)
    targets: dict[str, dict[int, Target]] = {}
    for target in found:
        targets.setdefault(target.event.key, {})[target.part] = target
    return targets


def _subject_events(study, terms):
    """Return occurred visits and screen failures; who failed screening is paid by that fee where there is one."""
    failed = {}
    for subject in Subject.objects.filter(study=study, status="SCREEN_FAILED"):
        if subject.screen_failed_on and terms.pays_failures(subject.site_id, subject.screen_failed_on):
            failed[subject.pk] = Event(
                f"screen-failure/{subject.pk}", FeeKind.SCREEN_FAILURE, subject.site_id, subject.screen_failed_on,
                f"{subject.number}: screen failure", subject=subject.pk,
            )  # fmt: skip
    visits = SubjectVisit.objects.filter(study=study, status=SubjectVisitStatus.OCCURRED)
    events = [
        Event(
            f"visit/{visit.pk}",
            FeeKind.PLANNED_VISIT if visit.kind == VisitKind.SCHEDULED else FeeKind.UNSCHEDULED_VISIT,
            visit.site_id, visit.occurred_on, f"{visit.subject.number}: {visit.name}"[:300],
            planned_visit=visit.planned_visit_id, subject_visit=visit.pk, subject=visit.subject_id,
        )
        for visit in visits.select_related("subject").order_by("occurred_on", "pk")
        if visit.occurred_on and visit.subject_id not in failed
    ]  # fmt: skip
    return [*events, *failed.values()]


def _site_events(study, terms):
    """Return what sites are paid for once: that they were opened, that they were closed."""
    sites = list(StudySite.objects.filter(study=study, status__in=RELEASED_SITES))
    moves = TransitionRecord.objects.filter(
        record__in=[f"studies.StudySite/{site.pk}" for site in sites],
        name__in=("activate", "close"),
        happened_on__isnull=False,
    )
    days = {(move.record, move.name): move.happened_on for move in moves.order_by("pk")}
    events = []
    for site in sites:
        agreement = terms.current_agreement(site.pk)
        record = f"studies.StudySite/{site.pk}"
        # A site taken over was opened before this system knew it: it is paid as of its agreement.
        opened = days.get((record, "activate")) or (agreement.effective_on if agreement else None)
        closed = days.get((record, "close")) if site.status == "CLOSED" else None
        for name, kind, day in (
            ("start-up", FeeKind.START_UP, opened),
            ("close-out", FeeKind.CLOSE_OUT, closed),
        ):
            if day is not None:
                events.append(Event(f"site/{site.pk}/{name}", kind, site.pk, day, str(FeeKind(kind).label)))
    return events


def _invoices(study):
    costs = InvoicedCost.objects.filter(study=study, voided_because="").select_related("fee__planned_visit")
    return [
        Event(
            f"invoice/{cost.pk}",
            FeeKind.INVOICED,
            cost.site_id,
            cost.occurred_on,
            f"{cost.fee.name}, invoice {cost.invoice_number}"[:300],
            cost=cost,
        )
        for cost in costs
    ]


def _holdbacks(study, terms):
    """Return what was held back and is released now, by agreement and payee: exactly what was withheld so far."""
    closed = set(StudySite.objects.filter(study=study, status="CLOSED").values_list("pk", flat=True))
    days = {
        move.record: move.happened_on
        for move in TransitionRecord.objects.filter(
            record__in=[f"studies.StudySite/{pk}" for pk in closed], name="close", happened_on__isnull=False
        ).order_by("pk")
    }
    lock = Milestone.objects.filter(
        study=study, kind="DATABASE_LOCK", status=MilestoneStatus.COMPLETED, site__isnull=True
    ).first()
    withheld = (
        Payable.objects.filter(study=study, status__in=SETTLED)
        .exclude(kind=PayableKind.HOLDBACK_RELEASE)
        .values("agreement_id", "payee_id", "currency")
        .annotate(held=Sum("holdback"))
        .order_by("agreement_id", "payee_id")
    )
    found = []
    for row in withheld:
        agreement = terms.agreements[row["agreement_id"]]
        if agreement.holdback_release == HoldbackRelease.DATABASE_LOCK:
            day = lock.actual_on if lock else None
        else:
            day = days.get(f"studies.StudySite/{agreement.site_id}") if agreement.site_id in closed else None
        if day is None or not row["held"]:
            continue
        event = Event(
            f"holdback/{agreement.pk}/{row['payee_id']}", PayableKind.HOLDBACK_RELEASE, agreement.site_id, day,
            str(PayableKind.HOLDBACK_RELEASE.label),
        )  # fmt: skip
        ledger = Ledger(row["held"], NOTHING.overhead, NOTHING.holdback)
        found.append(Target(event, 1, agreement.pk, None, row["payee_id"], row["currency"], ledger))
    return found
