"""What is seen of money."""

from .agreements import AgreementRecord, FeeRecord, Fees, FeeScheduleRecord, FeeSchedules, SiteAgreements
from .budgets import (
    BudgetCostRecord,
    BudgetLineRecord,
    BudgetLines,
    BudgetLineTermsRecord,
    BudgetRecord,
    Budgets,
    BudgetVersionRecord,
    BudgetVersions,
    PlannedUnitsRecord,
)
from .earned import EarnedUnitRecord, EarnedUnits
from .months import BudgetTable, table_of
from .payables import InvoiceRecord, Invoices, PayableRecord, Payables
from .payees import AccountRecord, Accounts, PayeeRecord, Payees, PayingAccountRecord, PayingAccounts
from .pictures import pictures_of
from .runs import RemittanceRecord, Remittances, RunRecord, Runs, lines_of, statement_of
from .sponsor_invoices import (
    SponsorInvoiceLineRecord,
    SponsorInvoiceLines,
    SponsorInvoiceRecord,
    SponsorInvoices,
)

__all__ = [
    "AccountRecord",
    "Accounts",
    "AgreementRecord",
    "BudgetCostRecord",
    "BudgetLineRecord",
    "BudgetLineTermsRecord",
    "BudgetLines",
    "BudgetRecord",
    "BudgetTable",
    "BudgetVersionRecord",
    "BudgetVersions",
    "Budgets",
    "EarnedUnitRecord",
    "EarnedUnits",
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
    "PlannedUnitsRecord",
    "RemittanceRecord",
    "Remittances",
    "RunRecord",
    "Runs",
    "SiteAgreements",
    "SponsorInvoiceLineRecord",
    "SponsorInvoiceLines",
    "SponsorInvoiceRecord",
    "SponsorInvoices",
    "lines_of",
    "pictures_of",
    "statement_of",
    "table_of",
]
