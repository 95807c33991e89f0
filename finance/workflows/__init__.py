"""What may happen to money."""

from . import payments

__all__ = ["payments"]
