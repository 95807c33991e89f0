"""What may happen to what finance keeps."""

from .budgets import BudgetVersionFlow
from .sponsor_invoices import SponsorInvoiceFlow

__all__ = ["BudgetVersionFlow", "SponsorInvoiceFlow"]
