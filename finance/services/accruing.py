"""
Book what is owed, once, however often this runs.

Nothing tells this room that a visit occurred, was reopened or voided: it looks, compares what should be owed with
what is booked, and books the difference. A row that is not approved is voided and booked anew; beside one that is
approved or paid stands a correction.
"""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform_all
from finance.calculations.rating import NOTHING, Ledger
from finance.models import OPEN, SETTLED, Payable, PayableKind
from studies.models import Study

from .agreements import require_at
from .checking import check
from .events import Terms, targets_of


def accrue(*, actor, study):
    """
    Bring the payables of a study up to what happened; returns a Counter of booked, corrected and voided rows.

    Two at once wait for each other at the study's row.
    """
    require_at(actor, "finance.prepare_paymentrun", study.place())
    system, done = User.objects.system(), Counter()
    reason = _("Payables generated for %(who)s") % {"who": actor}
    with (
        acting_as(system, reason=reason),
        everything("what a study owes its sites is the sum of all of them"),
    ):
        Study.objects.select_for_update(no_key=True).get(pk=study.pk)
        terms = Terms(study)
        targets, booked = targets_of(study, terms), _booked(study)
        stale, new = [], []
        for key in sorted({*targets, *booked}):
            for void, row in _differences(targets.get(key, {}), booked.get(key, {})):
                stale += void
                if row is not None:
                    _keep_confirmation(row, void)
                    new.append(row)
        done["voided"] = perform_all(
            stale, "void", actor=system, reason=_("What it was booked for has changed")
        )
        done["corrected"] = sum(1 for row in new if row.adjusts_id)
        done["booked"] = len(new) - done["corrected"]
        Payable.objects.bulk_create(new, batch_size=500)
        check(study=study, system=system)
    return done


def _booked(study):
    """Return {event key: {part: rows}} of what is booked and not voided, oldest first."""
    events = defaultdict(lambda: defaultdict(list))
    for payable in Payable.objects.filter(study=study).live().order_by("pk"):
        events[payable.event_key][payable.part].append(payable)
    return events


def _differences(targets, booked):
    """Return [(rows to void, row to book)] that bring what is booked for one event to what should be."""
    stands = any(
        part in targets and _still_stands([row for row in rows if row.status in SETTLED], targets[part])
        for part, rows in booked.items()
    )
    found = []
    for part in sorted({*targets, *booked}):
        settled = [row for row in booked.get(part, ()) if row.status in SETTLED]
        # Who shares an event is settled with its first payment: other shares later divide it no further.
        if stands and (not settled or part not in targets):
            continue
        waiting = [row for row in booked.get(part, ()) if row.status in OPEN]
        wanted = _wanted(targets.get(part), settled)
        if wanted is None or len(waiting) != 1 or not _is_same(waiting[0], wanted):
            found.append((waiting, wanted))
    return found


def _still_stands(settled, target):
    """True if what was approved is what happened, to the day."""
    if not settled or target.event.kind == PayableKind.HOLDBACK_RELEASE:
        return False
    return not settled[-1].takes_back and settled[-1].event_on == target.event.on


def _wanted(target, settled):
    """Return the open row an event should have beside its settled ones, or None."""
    if not settled:
        return _row(target, target.ledger) if target else None
    if target is not None and _still_stands(settled, target):
        return None
    currency = target.currency if target else None
    for other in sorted({row.currency for row in settled} - {currency}):
        rows = [row for row in settled if row.currency == other]
        # What does not stand, or stands in another currency now, is taken back before anything else is booked.
        if paid := sum(map(_ledger, rows), NOTHING):
            return _taking_back(rows[-1], rows[0], paid)
    if target is None:
        return None
    paid = sum((_ledger(row) for row in settled if row.currency == currency), NOTHING)
    missing = target.ledger - paid
    return _row(target, missing, adjusts=settled[0]) if missing else None


def _ledger(row):
    return Ledger(row.amount, row.overhead, row.holdback)


def _row(target, ledger, adjusts=None):
    event = target.event
    return Payable(
        # Where a correction goes is where the first payment went, even if the agreement names another payee now.
        site_id=event.site, agreement_id=target.agreement, fee_id=target.fee,
        payee_id=adjusts.payee_id if adjusts else target.payee, part=target.part,
        kind=event.kind, event_key=event.key, event_on=event.on, what=event.what, subject_id=event.subject,
        subject_visit_id=event.subject_visit, cost=event.cost, adjusts=adjusts,
        currency=target.currency,
        amount=ledger.amount, overhead=ledger.overhead, holdback=ledger.holdback, total=ledger.total,
    )  # fmt: skip


def _taking_back(last, first, paid):
    ledger = -paid
    return Payable(
        site_id=last.site_id, agreement_id=last.agreement_id, fee_id=last.fee_id, payee_id=first.payee_id,
        part=last.part, kind=last.kind, event_key=last.event_key, event_on=last.event_on,
        what=last.what, subject_id=last.subject_id,
        subject_visit_id=last.subject_visit_id, cost_id=last.cost_id, adjusts=first, takes_back=True,
        currency=first.currency, amount=ledger.amount, overhead=ledger.overhead, holdback=ledger.holdback,
        total=ledger.total,
    )  # fmt: skip


COMPARED = ("agreement_id", "fee_id", "payee_id", "event_on", "currency", "adjusts_id", "takes_back", "amount",
            "overhead", "holdback")  # fmt: skip


def _is_same(row, wanted):
    return all(getattr(row, name) == getattr(wanted, name) for name in COMPARED)


def _keep_confirmation(row, voided):
    """Another rate is no other work: what was confirmed for the same day stays confirmed."""
    for old in voided:
        if old.confirmed_by_id and old.event_on == row.event_on:
            row.confirmed_by_id, row.confirmed_on = old.confirmed_by_id, old.confirmed_on
