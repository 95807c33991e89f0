"""What may happen to money."""

from . import payments
from .budgets import BudgetVersionFlow
from .sponsor_invoices import SponsorInvoiceFlow

__all__ = ["BudgetVersionFlow", "SponsorInvoiceFlow", "payments"]
