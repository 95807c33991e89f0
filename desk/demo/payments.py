"""The sites of VEL-301 and their money: agreements, fees, payees, what is owed, one run paid and one waiting."""

import datetime
from decimal import Decimal

from ctms.workflow.engine import perform
from directory.models import Country
from finance import services
from finance.models import (
    Payable,
    Payee,
    PayingAccount,
    Remittance,
    SiteAgreement,
)
from studies.models import PlannedVisit

# Per country: currency, screening, treatment visit, follow-up, unscheduled, start-up, overhead %, holdback %, smallest.
PRICES = {
    "ES": ("EUR", "540", "285", "240", "150", "1500", "25", "10", "250"),
    "DE": ("EUR", "780", "390", "310", "220", "2200", "20", "5", "250"),
    "PL": ("PLN", "2350", "1180", "960", "640", "4800", "15", "10", "1000"),
}
PAYEES = {
    "2001": ("Fundación Investigación Encinar",),
    "2002": ("Fundación Bahía Azul",),
    "2003": ("Fundación Sierra Norte",),
    "1001": ("Klinikum Lindenhof gGmbH",),
    "1002": ("Hautzentrum Elbtal GmbH",),
    "4001": ("Szpital Nad Wisłą", "Ewa Zawada"),
    "4002": ("Klinika Zielony Park", "Adam Sowa"),
}
UNSIGNED = "4002"


def play(stage):
    """Contracts first, then money: whatever visits occurred are owed, some are paid."""
    for currency, bank, bic in (("EUR", "DE", "COBADEFFXXX"), ("PLN", "PL", "BREXPLPWXXX")):
        PayingAccount.objects.create(
            study=stage.places["vel"], holder="Investigator funds VEL-301", currency=currency,
            iban=made_up_iban(bank, 990), bic=bic,
        )  # fmt: skip
    for place, (number, names) in enumerate(PAYEES.items()):
        _contract(stage, number, names, place)
    study, finance = stage.places["vel"], stage.people["finance"]
    services.accrue(actor=finance, study=study)
    _confirm(stage, until=-30)
    _paid_run(stage)
    _take_one_back(stage)
    _change_an_account(stage, "1001")
    services.accrue(actor=finance, study=study)
    _confirm(stage, until=-14)
    waiting = services.prepare_run(
        actor=finance, study=study, country=stage.places["1002"].country, currency="EUR", period_to=stage.on
    )
    if waiting.total:
        perform(waiting, "submit", actor=finance)


def made_up_iban(country, number):
    """Return an account with valid check digits at a bank that does not exist."""
    length = {"ES": 20, "DE": 18, "PL": 24}[country]
    body = f"{number:0>{length}}"
    digits = "".join(str(int(letter, 36)) for letter in f"{body}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{body}"


def _contract(stage, number, names, place):
    """Sign a site's agreement, name its payees and approve its fees; one site is still negotiating."""
    site, ssu = stage.places[number], stage.people["ssu"]
    code = site.country.nation_id
    prices = PRICES[code]
    agreement = SiteAgreement(
        site=site, reference=f"VEL301-{code}-{number}", currency=prices[0],
        parties="\n".join(("Halden Therapeutics", site.organization.name, *names[1:])),
        overhead_percent=Decimal(prices[6]), holdback_percent=Decimal(prices[7]), payment_terms_days=45,
    )  # fmt: skip
    agreement.full_clean()
    agreement.save()
    signed = number != UNSIGNED
    for move, offset in (
        ("send", -420),
        ("negotiate", -400),
        ("agree", -370),
        ("sign_first", -362),
        ("execute", -355),
    ):
        if signed or move in ("send", "negotiate"):
            agreement = perform(
                agreement, move, actor=ssu, happened_on=stage.day(offset if signed else -30, code)
            )
    percents = (Decimal(60), Decimal(40)) if len(names) == 2 else (Decimal(100),)
    payees = [_payee(stage, site, name, prices, 10 * place + part) for part, name in enumerate(names)]
    services.share_out(actor=ssu, agreement=agreement, shares=list(zip(payees, percents, strict=True)))
    _fees(stage, agreement, prices, approved=signed)


def _payee(stage, site, name, prices, number):
    nation = site.country.nation
    payee = Payee(
        site=site, legal_name=name, nation=nation, town=site.organization.city, currency=prices[0],
        minimum_amount=Decimal(prices[8]),
    )  # fmt: skip
    payee.full_clean()
    payee.save()
    account = _propose(stage, payee, "finance", number)
    perform(account, "confirm", actor=stage.people["finance2"],
            reason="Called back on the number in the site file; spoke to the accounts office")  # fmt: skip
    return payee


def _propose(stage, payee, who, number):
    code = payee.nation_id
    return services.propose_account(
        actor=stage.people[who], payee=payee, holder=payee.legal_name, iban=made_up_iban(code, 1_000_000 + number),
        bank_nation=Country.objects.get(pk=code), reason="As the payee wrote on letterhead",
    )  # fmt: skip


def _fees(stage, agreement, prices, *, approved):
    """Write the first schedule: every planned visit, unscheduled ones, screen failures, start-up, the ethics fee."""
    ssu, start = stage.people["ssu"], agreement.effective_on or stage.on
    schedule = services.draft_schedule(actor=ssu, agreement=agreement, effective_from=start)
    _currency, screening, treatment, follow_up, unscheduled, start_up = prices[:6]
    for visit in PlannedVisit.objects.filter(study=agreement.study_id).order_by("sequence"):
        price = (
            screening if visit.name == "Screening" else follow_up if "Follow-up" in visit.name else treatment
        )
        services.add_fee(
            actor=ssu, schedule=schedule, kind="PLANNED_VISIT", planned_visit=visit, amount=Decimal(price)
        )
    for kind, price, more in (
        ("UNSCHEDULED_VISIT", unscheduled, {}),
        ("SCREEN_FAILURE", screening, {"ratio_paid": 1, "ratio_per": 3}),
        ("START_UP", start_up, {"overhead_applies": False, "holdback_applies": False}),
        ("INVOICED", follow_up, {"name": "Archiving", "overhead_applies": False, "holdback_applies": False}),
    ):
        services.add_fee(actor=ssu, schedule=schedule, kind=kind, amount=Decimal(price), **more)
    if approved:
        stage.sign(schedule, "approve", "finance2")


def _confirm(stage, until):
    """Let the lead confirm what happened up to a day; what is newer still waits."""
    rows = Payable.objects.to_confirm().filter(
        study=stage.places["vel"], event_on__lte=stage.on + datetime.timedelta(days=until)
    )
    services.confirm_payables(
        actor=stage.people["lead"], payables=list(rows.select_related("study")), on=stage.on
    )


def _paid_run(stage):
    """Pay Spain what happened until three months ago."""
    finance, finance2 = stage.people["finance"], stage.people["finance2"]
    run = services.prepare_run(
        actor=finance, study=stage.places["vel"], country=stage.places["2001"].country, currency="EUR",
        period_to=stage.on - datetime.timedelta(days=90),
    )  # fmt: skip
    run = perform(run, "submit", actor=finance)
    run = stage.sign(run, "approve", "finance2")
    run = perform(run, "export", actor=finance)
    for number, remittance in enumerate(
        Remittance.objects.filter(run=run).payments().order_by("sequence"), 1
    ):
        services.record_payment(
            actor=finance2, remittance=remittance, paid_on=stage.day(-41), bank_reference=f"SCT-{number:05}"
        )


def _take_one_back(stage):
    """Void a visit that was paid: what was paid for it is taken back by a row of its own."""
    paid = Payable.objects.filter(study=stage.places["vel"], status="PAID", subject_visit__isnull=False)
    row = paid.select_related("subject_visit").order_by("-event_on", "-pk").first()
    if row is not None:
        perform(row.subject_visit, "void", actor=stage.people["lead"], reason="Entered for the wrong subject")


def _change_an_account(stage, number):
    """Leave a change of account unconfirmed: what this payee is owed waits."""
    payee = Payee.objects.filter(site=stage.places[number]).order_by("pk").first()
    _propose(stage, payee, "finance", 777)
