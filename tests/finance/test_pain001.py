"""The bank's file is what the XSD of ISO 20022 allows, and every amount is in it once."""

import datetime
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ctms.files.storing import read_checked
from finance.formats.payment_files import NAMESPACE, Account, Order, Payment, as_csv, as_pain_001, harmless
from finance.models.bank import is_bic, is_iban, masked

from .test_runs import ready

AT = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=datetime.UTC)
DEBTOR = Account("Northwind CRO trust", "DE", iban="DE89370400440532013000", bic="COBADEFFXXX")
SPAIN = Account("Fundación Chamberí", "ES", iban="ES9121000418450200051332", bic="CAIXESBBXXX")
AMERICA = Account("Lakeside Clinic & Sons", "US", number="000123456789", routing="021000021", bic="CHASUS33")


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd")))


def order(*payments, currency="EUR"):
    return Order("VEL-301-PAY-0001", AT, AT.date(), currency, DEBTOR, payments)


def payment(number, total, account=SPAIN, text="Week 4"):
    return Payment(f"VEL-301-PAY-0001-{number:02}", "2003", account, Decimal(total), text)


def found(content, path):
    root = etree.fromstring(content)
    return root.xpath(f"//{'/'.join(f'p:{part}' for part in path.split('/'))}", namespaces={"p": NAMESPACE})


@pytest.mark.parametrize(
    ("currency", "account", "total"),
    [("EUR", SPAIN, "518.40"), ("USD", AMERICA, "1480.00"), ("PLN", SPAIN, "2350.00"), ("JPY", AMERICA, "12400"),
     ("KWD", SPAIN, "10.125")],
)  # fmt: skip
def test_it_is_valid_in_every_currency_with_and_without_iban(schema, currency, account, total):
    content = as_pain_001(order(payment(1, total, account), currency=currency))
    schema.assertValid(etree.fromstring(content))
    (amount,) = found(content, "InstdAmt")
    assert (amount.text, amount.get("Ccy")) == (total, currency)
    assert bool(found(content, "CdtrAcct/Id/IBAN")) is bool(account.iban)
    assert [one.text for one in found(content, "ClrSysMmbId/MmbId")] == (
        [account.routing] if account.routing else []
    )


def test_its_sums_are_those_of_its_payments(schema):
    content = as_pain_001(order(payment(1, "518.40"), payment(2, "0.01"), payment(3, "311.04", AMERICA)))
    schema.assertValid(etree.fromstring(content))
    assert [one.text for one in found(content, "CtrlSum")] == ["829.45", "829.45"]
    assert [one.text for one in found(content, "GrpHdr/NbOfTxs")] == ["3"]
    assert [one.text for one in found(content, "EndToEndId")] == [f"VEL-301-PAY-0001-0{n}" for n in (1, 2, 3)]
    assert found(content, "SvcLvl/Cd") == [], "not SEPA while one payee has no IBAN"


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_stands_in_a_name_the_file_is_valid(schema, name, text):
    account = Account(name, "ES", iban=SPAIN.iban)
    schema.assertValid(etree.fromstring(as_pain_001(order(payment(1, "1.00", account, text)))))


@given(st.text(max_size=40))
def test_no_cell_of_the_table_is_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_letters_banks_do_not_know_are_written_as_their_nearest(schema):
    content = as_pain_001(order(payment(1, "1.00", Account("Szpital Łódź ß & Co", "PL", iban=SPAIN.iban))))
    assert [one.text for one in found(content, "Cdtr/Nm")] == ["Szpital Lodz ss + Co"]


def test_the_file_of_a_run_is_valid_and_pays_its_total(stage, schema):
    ready(stage, shares=(60, 40), screening="100.01")
    ready(stage, site="berlin", count=1)
    stage.paying_account()
    run = stage.exported()
    content = read_checked(run.xml_file)
    schema.assertValid(etree.fromstring(content))
    amounts = [Decimal(one.text) for one in found(content, "InstdAmt")]
    assert sum(amounts) == run.total
    assert len(amounts) == 3
    assert [one.text for one in found(content, "GrpHdr/CtrlSum")] == [f"{run.total:.2f}"]
    assert as_csv(order()).count(b"\n") == 1


@pytest.mark.parametrize(
    ("iban", "valid"),
    [("DE89370400440532013000", True), ("DE88370400440532013000", False), ("GB82WEST12345698765432", True),
     ("PL61109010140000071219812874", True), ("XX", False), ("DE8937040044053201300Ä", False)],
)  # fmt: skip
def test_an_iban_is_known_by_its_check_digits(iban, valid):
    assert is_iban(iban) is valid


def test_an_account_is_shown_by_its_ends_alone():
    assert masked("ES9121000418450200051332") == "ES•••• 1332"
    assert masked("000123456789") == "•••• 6789"
    assert masked("12345") == "••••"
    assert is_bic("COBADEFFXXX")
    assert not is_bic("COBA")
