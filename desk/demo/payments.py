"""The sites and their money: agreements, fees, payees, what was paid, what is owed, and one run that waits."""

import datetime
from decimal import Decimal

from django.db.models import Count

from ctms.workflow.engine import perform
from directory.models import Country
from finance import services
from finance.models import Fee, Payable, Payee, PayingAccount, SiteAgreement
from studies.models import PlannedVisit

from .prices import (
    BANKS,
    FACTOR,
    FOUNDATIONS,
    MONTHLY,
    PRICES,
    TWO_PAYEES,
    account_of,
    made_up_iban,
)
from .stage import FROM_LEDGER, working_day
from .studies import PLANS

# Sites whose agreement is still talked about; at the second the hospital asks for more than the template gives.
NEGOTIATED = ("4002", "3201")
HAVE_AGREEMENTS = ("START_UP", "INITIATED", "ACTIVE", "ENROLMENT_HOLD", "ENROLMENT_CLOSED", "CLOSED")
SENT_AFTER = 12
# How long after a period its money arrives: those paid every month, and every quarter.
APPROVED_AFTER, PAID_AFTER = 8, {True: 16, False: 12}
# Days ago the periods of the runs ended.
MONTHS = (215, 184, 154, 123, 93, 62, 37)
QUARTERS = (214, 123, 46)
# What waits for a reason: contracts not signed, an account not confirmed, more screen failures than are paid.
HELD = 12
# Who negotiated one screening for two subjects who entered, and not for three.
FAILURES_FOR_TWO = ("1001", "2002", "2003", "4001", "6001", "6002", "6003")
INVOICED_BEFORE_SIGNING, REVIEW = "4002", "Review of the contract by the hospital"
CONFIRMED_UNTIL = 14


def play(stage):
    """Contracts first, then money: whatever occurred is owed, what lies some weeks back is paid."""
    for plan in PLANS:
        _contracts(stage, plan)
        services.accrue(actor=stage.people["finance"], study=stage.places[plan.key])
        _paid_before(stage, plan)
    _take_one_back(stage)
    invoiced = _invoice_before_signing(stage)
    _change_an_account(stage, HELD - Payable.objects.filter(status="ON_HOLD").count() - invoiced)
    for plan in PLANS:
        services.accrue(actor=stage.people["finance"], study=stage.places[plan.key])
        _confirm(stage, stage.places[plan.key])
    _waiting_run(stage)


# --- agreements and fees ---------------------------------------------------------------------------------


def _contracts(stage, plan):
    study, numbers = stage.places[plan.key], 0
    currencies = sorted({PRICES[country.code].currency for country in plan.countries})
    for place, currency in enumerate(currencies):
        bank, bic = BANKS[currency]
        PayingAccount.objects.create(
            study=study,
            holder=f"Investigator funds {plan.number}",
            currency=currency,
            iban=made_up_iban(bank, 990 + 10 * PLANS.index(plan) + place),
            bic=bic,
        )
    for site in plan.sites:
        if site.status in HAVE_AGREEMENTS:
            numbers += 1
            _contract(stage, plan, site, 1000 * (PLANS.index(plan) + 1) + 10 * numbers)


def _contract(stage, plan, site, number):
    """Sign a site's agreement, name its payees and approve its fees; two sites are still negotiating."""
    record, price = stage.places[site.number], PRICES[site.country]
    payees = _payee_names(site)
    actor = stage.people["ssu" if plan.taken_over is None else "finance"]
    agreement = SiteAgreement(
        site=record,
        reference=f"{plan.number.replace('-', '')}-{site.country}-{site.number}",
        currency=price.currency,
        parties="\n".join((stage.places[plan.sponsor].name, site.hospital, *payees[1:])),
        overhead_percent=Decimal(price.overhead),
        holdback_percent=Decimal(price.holdback),
        payment_terms_days=45,
    )
    agreement.full_clean()
    agreement.save()
    agreement = _sign(stage, site, agreement, actor)
    percents = (Decimal(60), Decimal(40)) if len(payees) == 2 else (Decimal(100),)
    made = [_payee(stage, site, record, name, number + part) for part, name in enumerate(payees)]
    services.share_out(actor=actor, agreement=agreement, shares=list(zip(made, percents, strict=True)))
    _fees(stage, plan, site, agreement, actor)


def _payee_names(site):
    first = FOUNDATIONS.get(site.number, site.hospital)
    return (first, site.investigator) if site.country == TWO_PAYEES else (first,)


def _sign(stage, site, agreement, actor):
    """Send it and, where it was signed, agree and sign on the days the table says."""
    sent = stage.ago((site.selected or 60) - SENT_AFTER)
    moves = [("send", 0), ("negotiate", None)]
    if site.number not in NEGOTIATED:
        days = site.contract or 60
        moves += [("agree", round(days * 0.8)), ("sign_first", round(days * 0.92)), ("execute", days)]
    for move, days in moves:
        on = None if days is None else sent + datetime.timedelta(days=days)
        on = on and working_day(on, site.country, ahead=False)
        agreement = perform(agreement, move, actor=actor, happened_on=on)
    return agreement


def _payee(stage, site, record, name, number):
    price = PRICES[site.country]
    payee = Payee(
        site=record,
        legal_name=name,
        nation=record.country.nation,
        town=record.organization.city,
        currency=price.currency,
        minimum_amount=Decimal(price.minimum),
        frequency="MONTHLY" if site.country in MONTHLY else "QUARTERLY",
    )
    payee.full_clean()
    payee.save()
    account = _propose(stage, payee, number)
    perform(
        account,
        "confirm",
        actor=stage.people["finance2"],
        reason="Called back on the number in the site file; spoke to the accounts office",
    )
    return payee


def _propose(stage, payee, number):
    return services.propose_account(
        actor=stage.people["finance"],
        payee=payee,
        holder=payee.legal_name,
        bank_nation=Country.objects.get(pk=payee.nation_id),
        reason="As the payee wrote on letterhead",
        **account_of(payee.nation_id, number),
    )


def _fees(stage, plan, site, agreement, actor):
    """Write the first schedule: every planned visit, unscheduled ones, screen failures, start-up, archiving."""
    price, factor = PRICES[site.country], FACTOR[plan.key]
    start = agreement.effective_on or stage.on
    if plan.taken_over is not None:
        start = stage.ago(plan.taken_over)
    schedule = services.draft_schedule(actor=actor, agreement=agreement, effective_from=start)
    visits = list(PlannedVisit.objects.filter(study=agreement.study_id).order_by("sequence"))
    fees = [
        {
            "kind": "PLANNED_VISIT",
            "planned_visit": visit,
            "amount": _amount(_of_visit(price, visit.name, place), factor, site),
        }
        for place, visit in enumerate(visits)
    ]
    # A screen failure is paid as the screening visit: one for three who entered, or three at most.
    per = 2 if site.number in FAILURES_FOR_TWO else 3
    limit = {"cap": 3} if plan.key == "kin" else {"ratio_paid": 1, "ratio_per": per}
    alone = {"overhead_applies": False, "holdback_applies": False}
    fees += [
        {"kind": kind, "amount": _amount(amount, factor, site), **more}
        for kind, amount, more in (
            ("UNSCHEDULED_VISIT", price.unscheduled, {}),
            ("SCREEN_FAILURE", price.screening, limit),
            ("START_UP", price.start_up, alone),
            ("CLOSE_OUT", price.start_up * 0.4, alone),
            ("INVOICED", price.follow_up * 1.5, {"name": "Archiving", **alone}),
        )
    ]
    if site.number == INVOICED_BEFORE_SIGNING:
        amount = _amount(price.follow_up * 2.4, factor, site)
        fees.append({"kind": "INVOICED", "name": REVIEW, "amount": amount, **alone})
    services.add_fees(actor=actor, schedule=schedule, fees=fees)
    if site.number not in NEGOTIATED:
        stage.sign(schedule, "approve", "finance2")


def _of_visit(price, name, place):
    if name == "Screening":
        return price.screening
    if "Follow-up" in name:
        return price.follow_up
    if "Imaging" in name:
        return price.complex
    return price.treatment[place % 2]


def _amount(amount, factor, site):
    """Return what one site negotiated: some percent beside the table, never a round sum everywhere."""
    step = 5 if amount < 20000 else 50
    beside = 1 + (int(site.number) % 7 - 3) / 100
    return Decimal(round(amount * factor * beside / step) * step)


# --- what was paid, and what waits -----------------------------------------------------------------------


def _paid_before(stage, plan):
    """Take over the runs of the past: every month in the US and Australia, every quarter elsewhere."""
    for country in plan.countries:
        monthly = country.code in MONTHLY and plan.taken_over is None
        for days in MONTHS if monthly else QUARTERS:
            period_to = stage.ago(days)
            approved = working_day(stage.ago(days - APPROVED_AFTER), "GB", ahead=True)
            paid = working_day(stage.ago(days - PAID_AFTER[monthly]), country.code, ahead=True)
            services.take_over_run(
                actor=stage.system,
                study=stage.places[plan.key],
                country=stage.places[f"{plan.number}/{country.code}"],
                currency=PRICES[country.code].currency,
                period_to=period_to,
                prepared_by=stage.people["finance"],
                approved_by=stage.people["finance2"],
                confirmed_by=stage.people["lead"],
                approved_on=approved,
                paid_on=paid,
                reason=FROM_LEDGER,
            )


def _take_one_back(stage):
    """Void a visit that was paid: what was paid for it is taken back by a row of its own."""
    paid = Payable.objects.filter(
        study=stage.places["vel"], status="PAID", subject_visit__isnull=False, site__number="2001"
    )
    row = paid.select_related("subject_visit").latest("event_on", "pk")
    perform(row.subject_visit, "void", actor=stage.people["lead"], reason="Entered for the wrong subject")


def _invoice_before_signing(stage):
    """Book what a hospital asks for before its contract is signed; returns how many are to be paid of it."""
    site = stage.places[INVOICED_BEFORE_SIGNING]
    fee = Fee.objects.get(site=site, name=REVIEW)
    services.book_invoice(
        actor=stage.people["finance"],
        fee=fee,
        invoice_number=f"{site.number}/{stage.on:%y}-017",
        occurred_on=stage.ago(23),
    )
    return Payee.objects.filter(site=site).count()


def _change_an_account(stage, waiting):
    """Leave a change of account unconfirmed: what this payee is owed, about so many items, waits."""
    owed = Payable.objects.open().exclude(payee=None).exclude(status="ON_HOLD").order_by()
    by_payee = dict(owed.values_list("payee").annotate(Count("pk")))
    payee = min(by_payee, key=lambda key: (abs(by_payee[key] - waiting), key))
    _propose(stage, Payee.objects.select_related("nation", "site").get(pk=payee), 7777)


def _confirm(stage, study):
    """Let the lead confirm what happened up to a fortnight ago; what is newer still waits for his word."""
    rows = Payable.objects.to_confirm().filter(study=study, event_on__lte=stage.ago(CONFIRMED_UNTIL))
    services.confirm_payables(
        actor=stage.people["lead"], payables=list(rows.select_related("study")), on=stage.on
    )


def _waiting_run(stage):
    """Prepare what Germany is owed: it waits for the second person."""
    finance = stage.people["finance"]
    waiting = services.prepare_run(
        actor=finance,
        study=stage.places["vel"],
        country=stage.places["1002"].country,
        currency="EUR",
        period_to=stage.on,
    )
    perform(waiting, "submit", actor=finance)
