"""What forms of finance ask for beyond their records' fields."""

from .payments import PaymentForm, ReasonForm, SharesForm, SheetForm

__all__ = ["PaymentForm", "ReasonForm", "SharesForm", "SheetForm"]
