"""What may happen to agreements, fee schedules, accounts, payables, runs and remittances."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.signatures.models import Meaning
from ctms.workflow.declare import Adopt, Transition, Workflow
from finance import services
from finance.models import (
    AccountStatus,
    AgreementStatus,
    BankAccount,
    FeeSchedule,
    Payable,
    PayableStatus,
    PayingAccount,
    PaymentRun,
    Remittance,
    RemittanceStatus,
    RunStatus,
    ScheduleStatus,
    SiteAgreement,
)

CHANGE_AGREEMENT = "finance.change_siteagreement"
BEFORE_SIGNATURES = (
    AgreementStatus.DRAFT,
    AgreementStatus.SENT,
    AgreementStatus.IN_NEGOTIATION,
    AgreementStatus.AGREED,
)


class AgreementFlow(Workflow):
    model, first = SiteAgreement, AgreementStatus.DRAFT
    frozen = (
        AgreementStatus.FULLY_EXECUTED,
        AgreementStatus.AMENDED,
        AgreementStatus.EXPIRED,
        AgreementStatus.TERMINATED,
    )
    tones = {
        AgreementStatus.FULLY_EXECUTED: "green",
        AgreementStatus.AMENDED: "grey",
        AgreementStatus.EXPIRED: "amber",
        AgreementStatus.TERMINATED: "red",
    }

    send = Transition(
        "Send to site", AgreementStatus.DRAFT, AgreementStatus.SENT, CHANGE_AGREEMENT,
        happened=gettext_lazy("Sent on"),
    )  # fmt: skip
    negotiate = Transition(
        "Record negotiation",
        (AgreementStatus.SENT, AgreementStatus.AGREED),
        AgreementStatus.IN_NEGOTIATION,
        CHANGE_AGREEMENT,
    )
    agree = Transition(
        "Record agreement on the text",
        (AgreementStatus.SENT, AgreementStatus.IN_NEGOTIATION),
        AgreementStatus.AGREED,
        CHANGE_AGREEMENT,
        happened=gettext_lazy("Agreed on"),
    )
    sign_first = Transition(
        "Record first signature",
        AgreementStatus.AGREED,
        AgreementStatus.PARTIALLY_EXECUTED,
        CHANGE_AGREEMENT,
        happened=gettext_lazy("First party signed on"),
    )
    execute = Transition(
        "Record last signature",
        (AgreementStatus.AGREED, AgreementStatus.PARTIALLY_EXECUTED),
        AgreementStatus.FULLY_EXECUTED,
        CHANGE_AGREEMENT,
        happened=gettext_lazy("Last party signed on"),
        effects=(services.keep_execution_day,),
        explanation=gettext_lazy("From now on the site may be activated, and paid."),
    )
    amend = Transition(
        "Record as amended",
        AgreementStatus.FULLY_EXECUTED,
        AgreementStatus.AMENDED,
        CHANGE_AGREEMENT,
        needs_reason=True,
        rare=True,
        explanation=gettext_lazy("Ends this agreement; the amended one is recorded as a new agreement."),
    )
    expire = Transition(
        "Record as expired",
        AgreementStatus.FULLY_EXECUTED,
        AgreementStatus.EXPIRED,
        CHANGE_AGREEMENT,
        happened=gettext_lazy("Expired on"),
        rare=True,
    )
    terminate = Transition(
        "Terminate",
        AgreementStatus.FULLY_EXECUTED,
        AgreementStatus.TERMINATED,
        CHANGE_AGREEMENT,
        needs_reason=True,
        happened=gettext_lazy("Terminated on"),
        rare=True,
    )


def not_its_author(schedule, actor):
    return (
        _("You wrote this schedule; someone else must approve it.")
        if schedule.author_id == actor.pk
        else None
    )


def has_fees(schedule, actor):
    return None if schedule.fees.exists() else _("The schedule has no fees.")


def follows_the_former(schedule, actor):
    former = FeeSchedule.objects.filter(site=schedule.site_id, status=ScheduleStatus.APPROVED).first()
    if former is not None and schedule.effective_from <= former.effective_from:
        return _("It would begin before %(former)s; a schedule follows the one before.") % {"former": former}
    return None


class ScheduleFlow(Workflow):
    model, first = FeeSchedule, ScheduleStatus.DRAFT
    frozen = (ScheduleStatus.APPROVED, ScheduleStatus.SUPERSEDED)
    still_open = ("effective_to",)
    tones = {ScheduleStatus.APPROVED: "green", ScheduleStatus.SUPERSEDED: "grey"}

    approve = Transition(
        "Approve schedule",
        ScheduleStatus.DRAFT,
        ScheduleStatus.APPROVED,
        "finance.approve_feeschedule",
        guards=(not_its_author, has_fees, follows_the_former),
        signature=Meaning.APPROVED,
        effects=(services.approve_schedule,),
        explanation=gettext_lazy(
            "What happened from its first day on and is not approved for payment yet is rated by it."
        ),
    )
    supersede = Transition(
        "Supersede",
        ScheduleStatus.APPROVED,
        ScheduleStatus.SUPERSEDED,
        "finance.approve_feeschedule",
        effects=(services.end_schedule,),
        needs_reason=True,
        by_time=True,
    )


def not_the_proposer(account, actor):
    if account.proposed_by_id == actor.pk:
        return _("You entered this account; a second person confirms it.")
    return None


class AccountFlow(Workflow):
    model, first = BankAccount, AccountStatus.PROPOSED
    frozen = (AccountStatus.CONFIRMED, AccountStatus.REFUSED, AccountStatus.REPLACED)
    tones = {
        AccountStatus.PROPOSED: "amber",
        AccountStatus.CONFIRMED: "green",
        AccountStatus.REFUSED: "red",
        AccountStatus.REPLACED: "grey",
    }

    confirm = Transition(
        "Confirm account",
        AccountStatus.PROPOSED,
        AccountStatus.CONFIRMED,
        "finance.confirm_payee",
        guards=(not_the_proposer,),
        needs_reason=True,
        effects=(services.confirm_account,),
        explanation=gettext_lazy(
            "Call the payee back on a number you knew before, and write down whom you spoke to and when."
        ),
    )
    refuse = Transition(
        "Refuse account",
        AccountStatus.PROPOSED,
        AccountStatus.REFUSED,
        "finance.confirm_payee",
        needs_reason=True,
        rare=True,
    )
    replace = Transition(
        "Replace",
        AccountStatus.CONFIRMED,
        AccountStatus.REPLACED,
        "finance.confirm_payee",
        needs_reason=True,
        by_time=True,
    )


def held_by_somebody(payable, actor):
    return None if payable.held_because else _("Nobody holds it; see what is missing.")


class PayableFlow(Workflow):
    """Moves of the system follow from what is so (`services.check`) or from a run; nobody has a button for them."""

    model, first = Payable, PayableStatus.ACCRUED
    frozen = (PayableStatus.APPROVED, PayableStatus.PAID, PayableStatus.VOIDED)
    tones = {
        PayableStatus.ELIGIBLE: "blue",
        PayableStatus.ON_HOLD: "amber",
        PayableStatus.APPROVED: "blue",
        PayableStatus.PAID: "green",
        PayableStatus.VOIDED: "grey",
    }

    make_eligible = Transition(
        "Found eligible", (PayableStatus.ACCRUED, PayableStatus.ON_HOLD), PayableStatus.ELIGIBLE,
        "finance.prepare_paymentrun", by_time=True,
    )  # fmt: skip
    keep_back = Transition(
        "Kept back", (PayableStatus.ACCRUED, PayableStatus.ELIGIBLE), PayableStatus.ON_HOLD,
        "finance.prepare_paymentrun", by_time=True,
    )  # fmt: skip
    await_confirmation = Transition(
        "Waits for confirmation", (PayableStatus.ON_HOLD, PayableStatus.ELIGIBLE), PayableStatus.ACCRUED,
        "finance.prepare_paymentrun", by_time=True,
    )  # fmt: skip
    hold = Transition(
        "Hold",
        (PayableStatus.ACCRUED, PayableStatus.ELIGIBLE),
        PayableStatus.ON_HOLD,
        "finance.hold_payable",
        needs_reason=True,
        effects=(services.keep_hold,),
        rare=True,
    )
    release = Transition(
        "Release",
        PayableStatus.ON_HOLD,
        PayableStatus.ACCRUED,
        "finance.hold_payable",
        guards=(held_by_somebody,),
        applies=lambda payable: bool(payable.held_because),
        needs_reason=True,
        effects=(services.lift_hold,),
    )
    approve = Transition(
        "Approved with its run", PayableStatus.ELIGIBLE, PayableStatus.APPROVED,
        "finance.approve_paymentrun", by_time=True,
    )  # fmt: skip
    pay = Transition(
        "Paid", PayableStatus.APPROVED, PayableStatus.PAID, "finance.export_paymentrun", by_time=True
    )
    void = Transition(
        "Voided",
        (PayableStatus.ACCRUED, PayableStatus.ELIGIBLE, PayableStatus.ON_HOLD),
        PayableStatus.VOIDED,
        "finance.prepare_paymentrun",
        needs_reason=True,
        by_time=True,
    )
    adopt = Adopt("Taken over", (PayableStatus.PAID,), "studies.import_study")


def stands_as_prepared(run, actor):
    return services.what_is_wrong_with(run) or None


def not_the_preparer(run, actor):
    # Compliance row 36: preparer is not approver.
    if run.prepared_by_id == actor.pk:
        return _("You prepared this run; someone else must approve it.")
    return None


def accounts_are_those_approved(run, actor):
    return services.what_changed_since_approval(run) or None


def has_an_account_to_pay_from(run, actor):
    if PayingAccount.objects.filter(study=run.study_id, currency=run.currency).exists():
        return None
    return _("The study has no account to pay %(currency)s from.") % {"currency": run.currency}


class RunFlow(Workflow):
    model, first = PaymentRun, RunStatus.DRAFT
    frozen = (RunStatus.APPROVED, RunStatus.EXPORTED, RunStatus.PAID, RunStatus.CANCELLED)
    still_open = ("csv_file", "xml_file", "exported_by", "exported_on")
    tones = {
        RunStatus.IN_REVIEW: "amber",
        RunStatus.PAID: "green",
        RunStatus.CANCELLED: "grey",
    }

    submit = Transition(
        "Submit for approval",
        RunStatus.DRAFT,
        RunStatus.IN_REVIEW,
        "finance.prepare_paymentrun",
        guards=(stands_as_prepared,),
        jobs=("finance.tell_approvers",),
    )
    approve = Transition(
        "Sign and approve",
        RunStatus.IN_REVIEW,
        RunStatus.APPROVED,
        "finance.approve_paymentrun",
        guards=(not_the_preparer, stands_as_prepared),
        signature=Meaning.APPROVED,
        effects=(services.settle,),
        jobs=("finance.print_letters",),
        explanation=gettext_lazy("Releases every line below for payment; none of them changes afterwards."),
    )
    return_to_draft = Transition(
        "Return to draft",
        RunStatus.IN_REVIEW,
        RunStatus.DRAFT,
        "finance.prepare_paymentrun",
        needs_reason=True,
    )
    export = Transition(
        "Export to the bank",
        RunStatus.APPROVED,
        RunStatus.EXPORTED,
        "finance.export_paymentrun",
        guards=(has_an_account_to_pay_from, accounts_are_those_approved),
        effects=(services.write_files,),
        explanation=gettext_lazy("Makes the files, once. Every later download is the same file."),
    )
    close = Transition(
        "Every remittance paid",
        RunStatus.EXPORTED,
        RunStatus.PAID,
        "finance.export_paymentrun",
        by_time=True,
    )
    cancel = Transition(
        "Cancel run",
        RunStatus.DRAFT,
        RunStatus.CANCELLED,
        "finance.prepare_paymentrun",
        needs_reason=True,
        effects=(services.empty_run,),
        rare=True,
    )
    adopt = Adopt(
        "Taken over", (RunStatus.APPROVED, RunStatus.EXPORTED, RunStatus.PAID), "studies.import_study"
    )


def its_run_is_exported(remittance, actor):
    if remittance.run.status != RunStatus.EXPORTED:
        return _("The run is %(state)s; it is not with the bank.") % {
            "state": remittance.run.get_status_display().lower()
        }
    return None


def is_a_payment(remittance, actor):
    return None if remittance.total > 0 else _("Nothing is paid: it is carried over to the next run.")


class RemittanceFlow(Workflow):
    model, first = Remittance, RemittanceStatus.TO_PAY
    frozen = (RemittanceStatus.PAID,)
    still_open = ("letter",)
    tones = {RemittanceStatus.PAID: "green"}

    pay = Transition(
        "Record payment",
        RemittanceStatus.TO_PAY,
        RemittanceStatus.PAID,
        "finance.export_paymentrun",
        guards=(is_a_payment, its_run_is_exported),
        happened=gettext_lazy("Paid on"),
        effects=(services.keep_payment_day,),
    )
    adopt = Adopt("Taken over", (RemittanceStatus.PAID,), "studies.import_study")
