"""What finance does outside the request."""

from . import payments
from .budgets import book_earned_units

__all__ = ["book_earned_units", "payments"]
