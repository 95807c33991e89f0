"""A payment as the bank reads it (ISO 20022 pain.001.001.09), and as a table."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# What SEPA and every clearing after it let through; anything else is written as its nearest letter or a dot.
ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# What a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Account:
    """An account by IBAN, or by its number and the number of its bank in the country's clearing."""

    holder: str
    country: str
    iban: str = ""
    bic: str = ""
    number: str = ""
    routing: str = ""


@dataclass(frozen=True)
class Line:
    """One payable in a payment, for the table."""

    what: str
    on: date
    amount: Decimal
    overhead: Decimal
    holdback: Decimal
    total: Decimal


@dataclass(frozen=True)
class Payment:
    """One transfer to one payee."""

    reference: str
    site: str
    account: Account
    total: Decimal
    text: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Order:
    """One order to the bank: everything goes from one account, in one currency, on one day."""

    reference: str
    created_at: datetime
    pay_on: date
    currency: str
    debtor: Account
    payments: Sequence[Payment]

    @property
    def total(self) -> Decimal:
        return sum((payment.total for payment in self.payments), Decimal(0))


def plain(text: str, longest: int) -> str:
    """Return text in the letters banks agree on: Łódź becomes Lodz."""
    special = str.maketrans(
        {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae", "&": "+"}
    )
    folded = unicodedata.normalize("NFKD", text.translate(special)).encode("ascii", "ignore").decode()
    return ALLOWED.sub(".", folded)[:longest].strip() or "-"


def as_pain_001(order: Order) -> bytes:
    """Return the order as a customer credit transfer initiation (pain.001.001.09)."""
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})
    initiation = _add(root, "CstmrCdtTrfInitn")
    header = _add(initiation, "GrpHdr")
    _add(header, "MsgId", order.reference)
    _add(header, "CreDtTm", order.created_at.isoformat(timespec="seconds"))
    _add(header, "NbOfTxs", str(len(order.payments)))
    _add(header, "CtrlSum", f"{order.total:f}")
    _add(_add(header, "InitgPty"), "Nm", plain(order.debtor.holder, 70))
    _payment_information(initiation, order)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _payment_information(initiation: etree._Element, order: Order) -> None:
    block = _add(initiation, "PmtInf")
    _add(block, "PmtInfId", order.reference)
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "false")
    _add(block, "NbOfTxs", str(len(order.payments)))
    _add(block, "CtrlSum", f"{order.total:f}")
    if order.currency == "EUR" and all(payment.account.iban for payment in order.payments):
        _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(block, "ReqdExctnDt"), "Dt", order.pay_on.isoformat())
    _add(_add(block, "Dbtr"), "Nm", plain(order.debtor.holder, 70))
    debtor = _add(block, "DbtrAcct")
    _add(_add(debtor, "Id"), "IBAN", order.debtor.iban)
    _add(debtor, "Ccy", order.currency)
    _add(_add(_add(block, "DbtrAgt"), "FinInstnId"), "BICFI", order.debtor.bic)
    _add(block, "ChrgBr", "SLEV" if order.currency == "EUR" else "SHAR")
    for payment in order.payments:
        _transfer(block, payment, order.currency)


def _transfer(block: etree._Element, payment: Payment, currency: str) -> None:
    transfer, account = _add(block, "CdtTrfTxInf"), payment.account
    _add(_add(transfer, "PmtId"), "EndToEndId", payment.reference)
    amount = _add(_add(transfer, "Amt"), "InstdAmt", f"{payment.total:f}")
    amount.set("Ccy", currency)
    if account.bic or account.routing:
        bank = _add(_add(transfer, "CdtrAgt"), "FinInstnId")
        if account.bic:
            _add(bank, "BICFI", account.bic)
        if account.routing:
            _add(_add(bank, "ClrSysMmbId"), "MmbId", account.routing)
    creditor = _add(transfer, "Cdtr")
    _add(creditor, "Nm", plain(account.holder, 70))
    _add(_add(creditor, "PstlAdr"), "Ctry", account.country)
    number = _add(_add(transfer, "CdtrAcct"), "Id")
    if account.iban:
        _add(number, "IBAN", account.iban)
    else:
        _add(_add(number, "Othr"), "Id", account.number)
    _add(_add(transfer, "RmtInf"), "Ustrd", plain(payment.text, 140))


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child


COLUMNS = (
    "Remittance",
    "Site",
    "Payee",
    "What",
    "Day",
    "Amount",
    "Overhead",
    "Holdback",
    "Total",
    "Currency",
)


def as_csv(order: Order) -> bytes:
    """Return the order line by line for the accounting system; no bank account stands in it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for payment in order.payments:
        for line in payment.lines:
            words = (payment.reference, payment.site, payment.account.holder, line.what)
            amounts = (line.amount, line.overhead, line.holdback, line.total)
            writer.writerow(
                [*map(harmless, words), line.on.isoformat(), *(f"{one:f}" for one in amounts), order.currency]
            )
    # The mark tells Excel that this is UTF-8.
    return ("\ufeff" + text.getvalue()).encode()


def harmless(text: str) -> str:
    """Put an apostrophe before text a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
