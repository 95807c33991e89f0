"""What is seen of money."""

from .agreements import AgreementRecord, FeeRecord, Fees, FeeScheduleRecord, FeeSchedules, SiteAgreements
from .payables import InvoiceRecord, Invoices, PayableRecord, Payables
from .payees import AccountRecord, Accounts, PayeeRecord, Payees, PayingAccountRecord, PayingAccounts
from .runs import RemittanceRecord, Remittances, RunRecord, Runs, lines_of, statement_of

__all__ = [
    "AccountRecord",
    "Accounts",
    "AgreementRecord",
    "FeeRecord",
    "FeeScheduleRecord",
    "FeeSchedules",
    "Fees",
    "InvoiceRecord",
    "Invoices",
    "PayableRecord",
    "Payables",
    "PayeeRecord",
    "Payees",
    "PayingAccountRecord",
    "PayingAccounts",
    "RemittanceRecord",
    "Remittances",
    "RunRecord",
    "Runs",
    "SiteAgreements",
    "lines_of",
    "statement_of",
]
