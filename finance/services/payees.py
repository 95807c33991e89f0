"""Payees and their bank accounts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from finance.models import AccountStatus, BankAccount

from .agreements import require_at


def propose_account(*, actor, payee, reason="", **fields):
    """Say to which account a payee is paid from now on; nothing is paid until a second person confirms it."""
    require_at(actor, "finance.change_payee", payee.place())
    with acting_as(actor, reason=reason), everything("whether a change waits already"):
        account = BankAccount(payee=payee, proposed_by=actor, **fields)
        account.full_clean()
        if BankAccount.objects.filter(payee=payee, status=AccountStatus.PROPOSED).exists():
            raise ValidationError(_("A change of this payee's account waits for its confirmation already."))
        account.save()
    return account


def confirm_account(account, move):
    """Effect of the confirmation: the account before is replaced."""
    account.confirmed_by = move.actor
    former = BankAccount.objects.filter(payee=account.payee_id, status=AccountStatus.CONFIRMED).first()
    if former is not None:
        perform(
            former,
            "replace",
            actor=User.objects.system(),
            reason=_("Replaced by %(new)s") % {"new": account.shown},
        )


def accounts_to_pay(payees):
    """Return {payee id: confirmed account} of those nobody is changing."""
    with everything("the accounts of a run's payees"):
        live = BankAccount.objects.filter(
            payee__in=payees, status__in=(AccountStatus.CONFIRMED, AccountStatus.PROPOSED)
        )
        rows = list(live.select_related("bank_nation", "payee"))
    waiting = {row.payee_id for row in rows if row.status == AccountStatus.PROPOSED}
    return {row.payee_id: row for row in rows if row.payee_id not in waiting}
