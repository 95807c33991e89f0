"""Agreements, who is paid under them, and their fee schedules."""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM, User
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding, perform
from finance.models import (
    AgreementStatus,
    Fee,
    FeeSchedule,
    InvoicedCost,
    PayeeShare,
    ScheduleStatus,
    SiteAgreement,
)


def require_at(actor, permission, place):
    """Raise PermissionDenied unless the actor may do this at the place; the system does what its jobs promise."""
    if actor.username != SYSTEM:
        permit_at(actor, permission, place)


def keep_execution_day(agreement, move):
    """Effect of the last signature; the agreement before, if there is one, ends as amended."""
    agreement.executed_on = move.happened_on
    if agreement.effective_on is None:
        agreement.effective_on = move.happened_on
    former = (
        SiteAgreement.objects.filter(site=agreement.site_id, status=AgreementStatus.FULLY_EXECUTED)
        .exclude(pk=agreement.pk)
        .first()
    )
    if former is not None:
        perform(former, "amend", actor=move.actor, reason=_("Replaced by %(new)s") % {"new": agreement})


def share_out(*, actor, agreement, shares, reason=""):
    """
    Say who is paid under an agreement, and which part each gets.

    :param shares: [(payee, percent)], one or two
    :raises ValidationError: they do not make 100 %, or a payee is of another site or paid in another currency
    """
    require_at(actor, "finance.change_siteagreement", agreement.place())
    with (
        acting_as(actor, reason=reason or _("Payees of the agreement")),
        everything("the shares of an agreement"),
    ):
        if not 1 <= len(shares) <= 2:
            raise ValidationError(_("An agreement has one payee or two."))
        if sum(percent for _payee, percent in shares) != 100:
            raise ValidationError(_("The shares make 100 %."))
        for payee, _percent in shares:
            if payee.site_id != agreement.site_id:
                raise ValidationError(_("%(payee)s is no payee of this site.") % {"payee": payee})
            if payee.currency != agreement.currency:
                raise ValidationError(
                    _("%(payee)s is paid in %(one)s, the agreement is in %(other)s.")
                    % {"payee": payee, "one": payee.currency, "other": agreement.currency}
                )
        PayeeShare.objects.filter(agreement=agreement).delete()
        made = []
        for part, (payee, percent) in enumerate(shares, 1):
            one = PayeeShare(agreement=agreement, payee=payee, percent=percent, part=part)
            one.full_clean()
            one.save()
            made.append(one)
    return made


def draft_schedule(*, actor, agreement, effective_from, overhead_percent=None, holdback_percent=None):
    """
    Begin a version of a site's fees: those of the version before are taken over, to be changed.

    Percentages not given are the agreement's.
    """
    require_at(actor, "finance.change_feeschedule", agreement.place())
    with acting_as(actor), everything("a new version takes over the one before"):
        former = FeeSchedule.objects.filter(site=agreement.site_id).order_by("-number").first()
        schedule = FeeSchedule(
            agreement=agreement,
            number=former.number + 1 if former else 1,
            effective_from=effective_from,
            overhead_percent=agreement.overhead_percent if overhead_percent is None else overhead_percent,
            holdback_percent=agreement.holdback_percent if holdback_percent is None else holdback_percent,
            author=actor,
        )
        schedule.full_clean()
        schedule.save()
        taken_over = (
            former.fees.order_by("pk") if former and former.agreement.currency == agreement.currency else ()
        )
        for fee in taken_over:
            fee.pk, fee.schedule = None, schedule
            fee._state.adding = True
            fee.save()
    return schedule


def add_fee(*, actor, schedule, **fields):
    """Add a fee to a draft schedule."""
    require_at(actor, "finance.change_feeschedule", schedule.place())
    with acting_as(actor):
        fee = Fee(schedule=schedule, **fields)
        fee.full_clean()
        if fee.planned_visit and fee.planned_visit.study_id != schedule.study_id:
            raise ValidationError({"planned_visit": _("This visit is of another study.")})
        fee.save()
    return fee


def add_fees(*, actor, schedule, fees):
    """
    Add the fees of a whole table to a draft schedule: what `add_fee` does, for many.

    That none stands twice is left to the database: a table that names one twice is refused as a whole.

    :param fees: the fields of each
    """
    require_at(actor, "finance.change_feeschedule", schedule.place())
    rows = [Fee(schedule=schedule, **fields) for fields in fees]
    for fee in rows:
        # What is in hand is there, and its constraints are asked of the database with all of them.
        fee.full_clean(exclude={"study", "schedule", "planned_visit"}, validate_constraints=False)
        if fee.planned_visit and fee.planned_visit.study_id != schedule.study_id:
            raise ValidationError({"planned_visit": _("This visit is of another study.")})
    with acting_as(actor):
        Fee.objects.bulk_create(rows)
    return rows


def remove_fee(*, actor, fee):
    """Take a fee out of a draft schedule."""
    require_at(actor, "finance.change_feeschedule", fee.place())
    with holding(fee.schedule, actor=actor, reason=_("Fee taken out")), everything("a fee in hand"):
        try:
            Fee.objects.filter(pk=fee.pk).delete()
        except ProtectedError as refused:
            raise TransitionRefused(
                _("Payables are booked by this fee; change its amount instead.")
            ) from refused


def book_invoice(*, actor, fee, invoice_number, occurred_on, quantity=1):
    """Book a site's invoice for something its schedule pays on invoice."""
    require_at(actor, "finance.prepare_paymentrun", fee.place())
    with acting_as(actor):
        cost = InvoicedCost(
            fee=fee, invoice_number=invoice_number, occurred_on=occurred_on, quantity=quantity
        )
        cost.full_clean()
        cost.save()
    return cost


def void_invoice(*, actor, cost, reason):
    """Say that an invoice does not stand; what was paid for it is taken back."""
    require_at(actor, "finance.prepare_paymentrun", cost.place())
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the invoice does not stand.")})
    with acting_as(actor, reason=reason), everything("an invoice in hand"):
        locked = InvoicedCost.objects.select_for_update(of=("self",)).get(pk=cost.pk)
        if not locked.voided_because:
            locked.voided_because = reason[:400]
            locked.save()
    return locked


def approve_schedule(schedule, move):
    """Effect of the approval: the schedule before ends the day before this one begins, and keeps what lies before."""
    schedule.approved_by = move.actor
    former = FeeSchedule.objects.filter(site=schedule.site_id, status=ScheduleStatus.APPROVED).first()
    if former is not None:
        perform(
            former,
            "supersede",
            actor=User.objects.system(),
            reason=_("Followed by %(new)s") % {"new": schedule},
        )


def end_schedule(schedule, move):
    """Effect of being superseded: nothing of what happened before is paid by the new one."""
    following = FeeSchedule.objects.filter(site=schedule.site_id, status=ScheduleStatus.DRAFT).first()
    if following is not None:
        schedule.effective_to = following.effective_from - datetime.timedelta(days=1)


def what_keeps_sites_from_activation(sites):
    """Answer the question of studies: a site does not screen before its agreement is fully executed."""
    with everything("whether a site may be activated"):
        rows = SiteAgreement.objects.filter(
            site__in=[site.pk for site in sites], status=AgreementStatus.FULLY_EXECUTED
        )
        executed = set(rows.values_list("site", flat=True))
    sentence = _("The site agreement is not fully executed.")
    return {site.pk: [] if site.pk in executed else [sentence] for site in sites}
