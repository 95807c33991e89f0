"""The payments statement: event by event, with what is held and why, and sums that tie to the cent."""

from collections import defaultdict
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from ctms.audit.as_of import database_now
from ctms.reports.declare import REPORTS
from ctms.reports.running import facts_of, run_report
from finance import services
from tests.finance.conftest import APRIL, FEBRUARY

MADRID = ZoneInfo("Europe/Madrid")


def statement(cast, who="paula", place="vel"):
    facts = facts_of(
        REPORTS["payments-statement"], cast.fresh(who), cast.places[place], APRIL, database_now(), MADRID
    )
    content = facts["content"]
    titles = [column["title"] for column in content["columns"]]
    lines = [
        (row["is_sum"], dict(zip(titles, row["cells"], strict=True)))
        for group in content["groups"]
        for row in group["rows"]
    ]
    return lines, [figure[:2] for figure in content["summary"]]


def amount(text):
    return Decimal(text.replace(",", "").split(" ")[0])


@pytest.fixture
def owed(stage):
    """Two subjects' visits at Madrid, one of them paid; one at Berlin in another currency, held for its payee."""
    stage.contract()
    agreement = stage.agreement(site="berlin", currency="CHF")
    payee = stage.payee("Klinikum", site="berlin", currency="CHF", confirmed=False)
    services.share_out(actor=stage.cast.sue, agreement=agreement, shares=[(payee, Decimal(100))])
    stage.schedule(agreement)
    for number in ("2003-001", "2003-002"):
        stage.visit(stage.subject(number), on=FEBRUARY)
    stage.accrued()
    stage.confirm_all()
    stage.paying_account()
    stage.paid()
    stage.visit(stage.subject("2003-003"), on=FEBRUARY)
    stage.visit(stage.subject("1001-001", site="berlin"), on=FEBRUARY)
    stage.accrued()
    return stage


def test_every_event_stands_with_its_amounts_and_they_tie_to_the_payables(owed):
    lines, figures = statement(owed.cast)
    events = [line for is_sum, line in lines if not is_sum]
    payables = owed.live()
    assert len(events) == len(payables) > 3
    by_currency = defaultdict(Decimal)
    for line in events:
        assert amount(line["Total"]) == amount(line["Amount"]) + amount(line["Overhead"]) - amount(
            line["Holdback"]
        )
        by_currency[line["Currency"]] += amount(line["Total"])
    for currency in ("EUR", "CHF"):
        owed_altogether = sum(one.total for one in payables if one.currency == currency)
        assert by_currency[currency] == owed_altogether
        sums = [amount(line["Total"]) for is_sum, line in lines if is_sum and line["Currency"] == currency]
        assert sum(sums) == owed_altogether
        parts = [
            amount(value)
            for label, value in figures
            if value.endswith(currency) and label != "Owed altogether"
        ]
        assert sum(parts) == owed_altogether
    assert ["Owed altogether", f"{by_currency['EUR']:,.2f} EUR"] in figures


def test_what_was_paid_names_its_remittance_and_what_is_held_says_why(owed):
    lines, _figures = statement(owed.cast)
    paid = [line for _sum, line in lines if line["State"] == "Paid"]
    assert paid
    assert {line["Remittance"] for line in paid} == {"VEL-301-PAY-0001-01"}
    assert {line["Paid on"] for line in paid} == {APRIL.isoformat()}
    open_lines = [line for is_sum, line in lines if not is_sum and line["State"] != "Paid"]
    assert all(line["Remittance"] == "" and line["Paid on"] is None for line in open_lines)
    assert any("2003-003" in line["Event"] for line in open_lines)
    (berlins,) = [line for line in open_lines if "1001-001" in line["Event"]]
    assert berlins["State"] == "On hold"
    assert berlins["Why on hold"] == "The payee's bank account waits for a second person's confirmation."


def test_a_site_has_its_own_statement_and_each_reader_their_sites(owed):
    assert {line["Currency"] for _sum, line in statement(owed.cast, place="madrid")[0]} == {"EUR"}
    hers = statement(owed.cast, "carla")[0]
    assert hers
    assert not [line for _sum, line in hers if "1001" in line["Event"]]
    paid = [line["Remittance"] for _sum, line in hers if line["State"] == "Paid"]
    assert set(paid) == {"VEL-301-PAY-0001-01"}


@pytest.mark.parametrize("who", ["tara", "milo"])
def test_who_sees_no_payments_gets_no_statement(owed, who):
    with pytest.raises(PermissionDenied):
        run_report(
            actor=owed.cast.people[who],
            report=REPORTS["payments-statement"],
            place=owed.cast.vel,
            on=APRIL,
            zone=MADRID,
        )
