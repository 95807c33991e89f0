"""Payment runs: prepared from what may be paid, approved by another person, exported once, fed back."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.money.amounts import rounded
from ctms.numbering.models import Series
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform, perform_all
from finance.calculations.rating import NOTHING, Ledger
from finance.formats.payment_files import Account, Line, Order, Payment, as_csv, as_pain_001
from finance.models import (
    Payable,
    PayableKind,
    PayableStatus,
    PayingAccount,
    PaymentLine,
    PaymentRun,
    Remittance,
    RemittanceStatus,
    RunStatus,
)
from studies.models import Study
from subjects.models import SubjectVisitStatus

from .accruing import accrue
from .agreements import require_at
from .payees import accounts_to_pay


def prepare_run(*, actor, study, period_to, currency, period_from=None, country=None):
    """Make a payment run of everything that may be paid now, a remittance a payee."""
    if country is not None and country.study_id != study.pk:
        raise ValidationError({"country": _("This country is of another study.")})
    require_at(actor, "finance.prepare_paymentrun", (country or study).place())
    with acting_as(actor), everything("a run takes what the study owes"):
        run = PaymentRun(
            study=study, country=country, period_from=period_from, period_to=period_to, currency=currency,
            prepared_by=actor, number=Series.next_of("payment-run", study.pk),
        )  # fmt: skip
        run.full_clean()
        run.save()
        _fill(run, actor)
    return run


def prepare_again(*, actor, run):
    """Take the lines of a draft anew: what may be paid now."""
    permit(actor, "finance.prepare_paymentrun", run)
    with acting_as(actor, reason=_("Prepared again")), everything("a run takes what the study owes"):
        locked = PaymentRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status != RunStatus.DRAFT:
            raise TransitionRefused(_("Only a draft is prepared again."), conflict=True)
        empty_run(locked)
        # Whoever fills the run has prepared it, and does not approve it.
        locked.prepared_by = actor
        _fill(locked, actor)
    return locked


def empty_run(run, move=None):
    """Take every line out of a run; what it would have paid waits for the next. Also the effect of cancelling."""
    PaymentLine.objects.filter(run=run).delete()
    Remittance.objects.filter(run=run).delete()
    run.total = 0


def _fill(run, actor):
    accrue(actor=actor, study=run.study)
    rows = Payable.objects.filter(study=run.study_id, currency=run.currency, event_on__lte=run.period_to)
    if run.period_from:
        # What came late is not lost: a correction is paid with the run it is found in.
        rows = rows.filter(event_on__gte=run.period_from) | rows.filter(adjusts__isnull=False)
    if run.country_id:
        rows = rows.filter(country=run.country_id)
    by_payee = defaultdict(list)
    for row in (
        rows.to_pay().select_related("payee").order_by("payee__legal_name", "payee_id", "event_on", "pk")
    ):
        by_payee[row.payee].append(row)
    for sequence, (payee, payables) in enumerate(by_payee.items(), 1):
        remit(run, payee, payables, sequence)
    add_up(run)


def remit(run, payee, payables, sequence):
    """Make the remittance of one payee, or say what is carried over: below the smallest payment, or below nothing."""
    net = sum((Ledger(row.amount, row.overhead, row.holdback) for row in payables), NOTHING)
    remittance = Remittance(run=run, payee=payee, sequence=sequence)
    if net.total <= 0 or net.total < payee.minimum_amount:
        remittance.carried_amount, remittance.carried_count = net.total, len(payables)
        remittance.save()
        return
    remittance.save()
    PaymentLine.objects.bulk_create(
        [
            PaymentLine(
                run=run, remittance=remittance, payable=row, amount=row.amount, overhead=row.overhead,
                holdback=row.holdback, total=row.total,
            )
            for row in payables
        ],
        batch_size=500,
    )  # fmt: skip


def add_up(run):
    """Write the totals of a run and of its remittances from their lines, which are the only amounts."""
    sums = defaultdict(lambda: NOTHING)
    for line in PaymentLine.objects.filter(run=run):
        sums[line.remittance_id] += Ledger(line.amount, line.overhead, line.holdback)
    run.total = sum((ledger.total for ledger in sums.values()), NOTHING.total)
    run.save()
    for remittance in Remittance.objects.filter(run=run):
        ledger = sums[remittance.pk]
        remittance.amount, remittance.overhead = ledger.amount, ledger.overhead
        remittance.holdback, remittance.total = ledger.holdback, ledger.total
        remittance.save()


def reject_line(*, actor, line, reason):
    """Take one line out of a run before it is approved, saying why; its payable may be paid by the next."""
    permit(actor, "finance.prepare_paymentrun", line.run)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this line is taken out.")})
    with acting_as(actor, reason=reason), everything("a run and its lines"):
        run = PaymentRun.objects.select_for_update(of=("self",)).get(pk=line.run_id)
        if run.status not in (RunStatus.DRAFT, RunStatus.IN_REVIEW):
            raise TransitionRefused(_("The run is approved; its lines no longer change."), conflict=True)
        remittance = Remittance.objects.get(pk=line.remittance_id)
        PaymentLine.objects.filter(pk=line.pk).delete()
        if not PaymentLine.objects.filter(remittance=remittance).exists():
            remittance.delete()
        add_up(run)
        rest = Remittance.objects.filter(pk=remittance.pk).first()
        if rest is not None and rest.total <= 0:
            raise ValidationError(
                _("Without this line the payee would be paid less than nothing; take out the others too.")
            )
    return run  # fmt: skip


# --- what stands in the way --------------------------------------------------------------------------


def what_is_wrong_with(run):
    """Return why a run does not stand as it was prepared, or ''. Inside `everything`."""
    parts = ("payable__site", "payable__subject_visit", "payable__subject", "payable__cost")
    lines = list(PaymentLine.objects.filter(run=run).order_by("pk").select_related(*parts))
    if not lines:
        return _("The run has no lines: nothing of this period may be paid yet.")
    changed = [line for line in lines if not _is_payable_still(line.payable)]
    if changed:
        sentence = ngettext(
            "%(count)d line has changed since the run was prepared: %(what)s. Return it to draft and prepare it "
            "again.",
            "%(count)d lines have changed since the run was prepared, first: %(what)s. Return it to draft and "
            "prepare it again.",
            len(changed),
        )
        return sentence % {"count": len(changed), "what": changed[0].payable}
    return ""


def _is_payable_still(payable):
    """True if a payable is eligible and what it is owed for stands, whether or not anybody looked since."""
    if payable.status != PayableStatus.ELIGIBLE:
        return False
    if payable.takes_back:
        return True
    if payable.subject_visit is not None:
        visit = payable.subject_visit
        return visit.status == SubjectVisitStatus.OCCURRED and visit.occurred_on == payable.event_on
    if payable.kind == PayableKind.SCREEN_FAILURE:
        return payable.subject.screen_failed_on == payable.event_on
    return payable.cost is None or not payable.cost.voided_because


def what_changed_since_approval(run):
    """Return which payee's account is no longer the one approved, or ''. Inside `everything`."""
    remittances = list(Remittance.objects.filter(run=run).payments().select_related("payee"))
    able = accounts_to_pay([remittance.payee_id for remittance in remittances])
    for remittance in remittances:
        account = able.get(remittance.payee_id)
        if account is None or account.pk != remittance.account_id:
            return _("The bank account of %(payee)s is not the one that was approved.") % {
                "payee": remittance.payee
            }
    return ""


# --- effects -----------------------------------------------------------------------------------------


def settle(run, move):
    """Effect of the approval: the accounts are fixed, and the payables no longer change."""
    # Nobody generates payables in the meantime: their states are looked at once more below.
    Study.objects.select_for_update(no_key=True).get(pk=run.study_id)
    run.approved_by = move.actor
    run.approved_on = move.at.date()
    remittances = list(Remittance.objects.filter(run=run).payments())
    able = accounts_to_pay([remittance.payee_id for remittance in remittances])
    for remittance in remittances:
        remittance.account = able.get(remittance.payee_id)
        if remittance.account is None:
            raise TransitionRefused(_("The bank account of %(payee)s waits for a second person's confirmation.")
                                    % {"payee": remittance.payee})  # fmt: skip
        remittance.save()
    reason = _("%(run)s approved by %(who)s") % {"run": run, "who": move.actor}
    _move_payables(PaymentLine.objects.filter(run=run), "approve", reason)


def _move_payables(lines, name, reason):
    payables = [line.payable for line in lines.select_related("payable").order_by("pk")]
    perform_all(payables, name, actor=User.objects.system(), reason=reason)


def write_files(run, move):
    """Effect of exporting: the two files are made, once, and kept with their digests."""
    write_files_of(run, actor=move.actor, at=move.at)


def write_files_of(run, *, actor, at):
    """Make the files of a run as of an instant. Inside `everything`."""
    order = order_of(run, at)
    run.exported_by, run.exported_on = actor, at.date()
    name = f"{run.study.protocol_number}_{run.reference}"
    run.csv_file = store_bytes(
        actor=actor, name=f"{name}.csv", content=as_csv(order), content_type="text/csv; charset=utf-8"
    )
    run.xml_file = store_bytes(
        actor=actor,
        name=f"{name}_pain001.xml",
        content=as_pain_001(order),
        content_type="application/xml",
    )


def order_of(run, at):
    """Return the order to the bank a run is. Inside `everything`."""
    paying = PayingAccount.objects.get(study=run.study_id, currency=run.currency)
    remittances = Remittance.objects.filter(run=run).payments().order_by("sequence")
    remittances = remittances.select_related("account__bank_nation", "payee", "site", "run__study")
    lines = defaultdict(list)
    for line in (
        PaymentLine.objects.filter(run=run).select_related("payable").order_by("payable__event_on", "pk")
    ):
        lines[line.remittance_id].append(line)
    payments = [_payment(remittance, lines[remittance.pk]) for remittance in remittances]
    return Order(
        reference=f"{run.study.protocol_number}-{run.reference}"[:35],
        created_at=at,
        pay_on=at.date(),
        currency=run.currency,
        debtor=Account(holder=paying.holder, country=paying.iban[:2], iban=paying.iban, bic=paying.bic),
        payments=payments,
    )


def _payment(remittance, lines):
    account, currency = remittance.account, remittance.run.currency
    return Payment(
        reference=remittance.reference[:35],
        site=remittance.site.number,
        account=Account(
            holder=account.holder, country=account.bank_nation_id, iban=account.iban, bic=account.bic,
            number=account.account_number, routing=account.routing_number,
        ),
        total=rounded(remittance.total, currency),
        text=ngettext(
            "%(reference)s: %(count)d line, site %(site)s", "%(reference)s: %(count)d lines, site %(site)s", len(lines)
        )
        % {"reference": remittance.reference, "count": len(lines), "site": remittance.site.number},
        lines=[
            Line(line.payable.what, line.payable.event_on,
                 *(rounded(value, currency) for value in (line.amount, line.overhead, line.holdback, line.total)))
            for line in lines
        ],
    )  # fmt: skip


# --- what the bank did -------------------------------------------------------------------------------


def record_payment(*, actor, remittance, paid_on, bank_reference=""):
    """
    Feed back that a remittance was paid; its payables are paid with it, and the last one closes the run.

    Said twice it changes nothing. :returns: True if it was new
    """
    with acting_as(actor, reason=_("Paid by the bank")), everything("a remittance and its run"):
        locked = (
            Remittance.objects.select_for_update(of=("self",)).select_related("run").get(pk=remittance.pk)
        )
        permit(actor, "finance.export_paymentrun", locked.run)
        if locked.status == RemittanceStatus.PAID:
            if (locked.paid_on, locked.bank_reference) == (paid_on, bank_reference):
                return False
            raise TransitionRefused(
                _("%(remittance)s was paid on %(day)s already, with the reference %(reference)s.")
                % {
                    "remittance": locked.reference,
                    "day": locked.paid_on,
                    "reference": locked.bank_reference or "—",
                },
                conflict=True,
            )
        if locked.bank_reference != bank_reference:
            locked.bank_reference = bank_reference
            locked.save()
        perform(locked, "pay", actor=actor, happened_on=paid_on)
    return True


def keep_payment_day(remittance, move):
    """Effect of the payment: the day, and the payables with it; the last remittance closes its run."""
    remittance.paid_on = move.happened_on
    # The last two remittances at once wait for each other here, so that one of them sees it is the last.
    run = PaymentRun.objects.select_for_update(of=("self",)).get(pk=remittance.run_id)
    reason = _("Paid with %(remittance)s") % {"remittance": remittance.reference}
    _move_payables(PaymentLine.objects.filter(remittance=remittance), "pay", reason)
    left = Remittance.objects.filter(run=run, status=RemittanceStatus.TO_PAY).payments()
    if not left.exclude(pk=remittance.pk).exists():
        perform(run, "close", actor=User.objects.system(), reason=_("Every remittance is paid"))
