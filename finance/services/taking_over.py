"""Take over payments of a time before this system: the opening balance of what sites were paid."""

import datetime
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.engine import adopt, adopt_many
from finance.models import (
    Payable,
    PayableStatus,
    PaymentRun,
    Remittance,
    RemittanceStatus,
    RunStatus,
)

from .agreements import require_at
from .payees import accounts_to_pay
from .runs import add_up, remit, write_files_of


def take_over_run(
    *,
    actor,
    study,
    currency,
    period_to,
    prepared_by,
    approved_by,
    approved_on,
    paid_on,
    reason,
    country=None,
    confirmed_by=None,
):
    """
    Take over a run that was paid: what happened up to a day and is booked in this very transaction.

    Nothing of it is signed here; nothing that is kept back or was confirmed here is taken.

    :returns: the run, or None where there was nothing to pay
    """
    require_at(actor, "studies.import_study", study.place())
    with acting_as(actor, reason=reason), everything("what was paid before is the sum of all sites"):
        rows = Payable.objects.filter(
            study=study, currency=currency, event_on__lte=period_to, line__isnull=True, payee__isnull=False
        )
        rows = rows.filter(status=PayableStatus.ACCRUED, confirmed_by__isnull=True, total__gt=0)
        if country is not None:
            rows = rows.filter(country=country)
        payables = list(
            rows.select_related("payee", "site__country__nation").order_by("payee__legal_name", "pk")
        )
        if not payables:
            return None
        rows.update(confirmed_by=confirmed_by or prepared_by, confirmed_on=approved_on)
        run = PaymentRun.objects.create(
            study=study,
            country=country,
            period_to=period_to,
            currency=currency,
            prepared_by=prepared_by,
            number=Series.next_of("payment-run", study.pk),
        )
        _lines(run, payables)
        # What lies below a payee's smallest payment is carried over, and not paid.
        paid = list(Payable.objects.filter(line__run=run).select_related("site__country__nation"))
        days = {payable.pk: paid_on for payable in paid}
        adopt_many(paid, PayableStatus.PAID, actor=actor, reason=reason, days=days)
        _pay(run, actor, paid_on, reason)
        _settle(run, actor, approved_by, approved_on, paid_on, reason)
    return run


def _lines(run, payables):
    by_payee = defaultdict(list)
    for payable in payables:
        by_payee[payable.payee].append(payable)
    for sequence, (payee, found) in enumerate(by_payee.items(), 1):
        remit(run, payee, found, sequence)
    add_up(run)


def _pay(run, actor, paid_on, reason):
    remittances = list(Remittance.objects.filter(run=run).payments().order_by("sequence"))
    accounts = accounts_to_pay([remittance.payee_id for remittance in remittances])
    for remittance in remittances:
        remittance.account, remittance.paid_on = accounts.get(remittance.payee_id), paid_on
        remittance.bank_reference = _("Opening balance")
    Remittance.objects.bulk_update(remittances, ["account", "paid_on", "bank_reference"])
    days = {remittance.pk: paid_on for remittance in remittances}
    adopt_many(remittances, RemittanceStatus.PAID, actor=actor, reason=reason, days=days)


def _settle(run, actor, approved_by, approved_on, paid_on, reason):
    run.approved_by, run.approved_on = approved_by, approved_on
    noon = datetime.datetime.combine(approved_on, datetime.time(12), tzinfo=timezone.get_default_timezone())
    write_files_of(run, actor=approved_by, at=noon)
    run.save()
    passed = [(RunStatus.APPROVED, approved_on), (RunStatus.EXPORTED, approved_on)]
    adopt(run, RunStatus.PAID, actor=actor, reason=reason, happened_on=paid_on, passed=passed)
