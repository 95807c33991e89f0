"""What keeps a payable from being paid, looked up afresh each time; and the lead's word that the work was done."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM, User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform_all
from finance.calculations.holding import beyond, limit_of
from finance.models import (
    OPEN,
    SETTLED,
    HoldReason,
    Payable,
    PayableKind,
    PayableStatus,
    ScheduleStatus,
)
from subjects.models import Subject

from .payees import accounts_to_pay

READ_WITH = ("agreement", "fee__schedule", "site")
MOVES = {
    PayableStatus.ELIGIBLE: "make_eligible",
    PayableStatus.ON_HOLD: "keep_back",
    PayableStatus.ACCRUED: "await_confirmation",
}


def check(*, study, system):
    """Find what keeps the open payables of a study, and move each to the state that follows. Inside `everything`."""
    rows = list(
        Payable.objects.filter(study=study).open().select_related(*READ_WITH).order_by("event_on", "pk")
    )
    codes = _codes_of(study, rows)
    changed, moves = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.hold_codes != codes[row.pk]:
            changed[tuple(codes[row.pk])].append(row.pk)
        if (state := _state_of(row, codes[row.pk])) != row.status:
            moves[state].append(row)
    for found, keys in changed.items():
        Payable.objects.filter(pk__in=keys).update(hold_codes=list(found))
    for state, moved in moves.items():
        perform_all(moved, MOVES[state], actor=system)


def _state_of(row, codes):
    if codes:
        return PayableStatus.ON_HOLD
    return PayableStatus.ELIGIBLE if is_confirmed(row) else PayableStatus.ACCRUED


def is_confirmed(row):
    """True if the lead confirmed the work, or nobody has to: what is taken back, what was held back."""
    return row.confirmed_by_id is not None or row.kind == PayableKind.HOLDBACK_RELEASE or row.total <= 0


def _codes_of(study, rows):
    """Return {row id: what keeps it}, in the order people read it."""
    able = accounts_to_pay({row.payee_id for row in rows if row.payee_id})
    limited = _beyond_limits(study, rows)
    return {
        row.pk: [
            code
            for code, holds in (
                (HoldReason.AGREEMENT, not row.agreement.was_executed),
                (
                    HoldReason.SCHEDULE,
                    row.fee is not None and row.fee.schedule.status == ScheduleStatus.DRAFT,
                ),
                (HoldReason.NO_PAYEE, row.payee_id is None),
                (HoldReason.PAYEE, row.payee_id is not None and row.payee_id not in able),
                (HoldReason.CAP, limited.get(row.pk) == HoldReason.CAP),
                (HoldReason.RATIO, limited.get(row.pk) == HoldReason.RATIO),
                (HoldReason.HELD, bool(row.held_because)),
            )
            if holds
        ]
        for row in rows
    }


def _beyond_limits(study, rows):
    """Return {row id: CAP or RATIO} of rows beyond what their fee pays at the site; those paid keep their place."""
    limited = [row for row in rows if row.fee and (row.fee.cap is not None or row.fee.ratio_per is not None)]
    if not limited:
        return {}
    used, entered, found = _used(study), _entered(study), {}
    groups = defaultdict(dict)
    for row in limited:
        if row.total > 0:
            # The parts of one event are one of the fee's cap.
            groups[_group(row.site_id, row.kind, row.fee.planned_visit_id, row.fee.name)].setdefault(
                row.event_key, []
            ).append(row)
    for group, events in groups.items():
        paid = used[group]
        for key, parts in events.items():
            limit, by_ratio = limit_of(
                parts[0].fee.cap, parts[0].fee.ratio_paid, parts[0].fee.ratio_per, entered[group[0]]
            )
            waiting = [one for one in events if one not in paid]
            if key not in paid and key in beyond(limit, len(paid), waiting):
                found |= {part.pk: HoldReason.RATIO if by_ratio else HoldReason.CAP for part in parts}
    return found  # fmt: skip


def _group(site, kind, planned_visit, name):
    return site, kind, planned_visit, name if kind == PayableKind.INVOICED else ""


def _used(study):
    """Return {group: keys of its events that are settled and not taken back}."""
    sums, groups = defaultdict(int), {}
    settled = Payable.objects.filter(study=study, status__in=SETTLED).select_related("fee")
    for row in settled:
        if row.fee is not None:
            sums[row.event_key] += row.amount
            groups[row.event_key] = _group(row.site_id, row.kind, row.fee.planned_visit_id, row.fee.name)
    used = defaultdict(set)
    for key, amount in sums.items():
        if amount > 0:
            used[groups[key]].add(key)
    return used


def _entered(study):
    """Return {site id: subjects entered}: those the study counts as enrolled who did not fail screening."""
    counts = defaultdict(int)
    for site in Subject.objects.filter(study=study, enrolled_on__isnull=False).exclude(
        status="SCREEN_FAILED"
    ).values_list("site_id", flat=True):  # fmt: skip
        counts[site] += 1
    return counts


def confirm_payables(*, actor, payables, on):
    """
    Say that the work of these payables was done: the clinical lead's word, before anybody is paid (practice.md).

    :returns: how many were confirmed now; those confirmed before stay as they are
    """
    payables = list(payables)
    for payable in payables:
        if actor.username != SYSTEM and not actor.has_perm("finance.confirm_payable", payable):
            raise PermissionDenied(why_not(actor, "finance.confirm_payable"))
    system = User.objects.system()
    with acting_as(actor, reason=_("Work confirmed")), everything("payables the actor may confirm"):
        waiting = Payable.objects.filter(pk__in=[one.pk for one in payables], status__in=OPEN)
        count = waiting.filter(confirmed_by__isnull=True).update(confirmed_by=actor, confirmed_on=on)
        for study in {one.study for one in payables}:
            check(study=study, system=system)
    return count


def keep_hold(payable, move):
    """Effect of holding: why, in the words of whoever holds it."""
    payable.held_because = move.reason[:400]
    payable.hold_codes = [*payable.hold_codes, HoldReason.HELD]


def lift_hold(payable, move):
    payable.held_because = ""
    payable.hold_codes = [code for code in payable.hold_codes if code != HoldReason.HELD]
