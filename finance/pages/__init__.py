"""What is seen of money."""

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
from .sponsor_invoices import (
    SponsorInvoiceLineRecord,
    SponsorInvoiceLines,
    SponsorInvoiceRecord,
    SponsorInvoices,
)

__all__ = [
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
    "PlannedUnitsRecord",
    "SponsorInvoiceLineRecord",
    "SponsorInvoiceLines",
    "SponsorInvoiceRecord",
    "SponsorInvoices",
    "table_of",
]
