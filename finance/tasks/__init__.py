"""What a worker does for money."""

from . import payments

__all__ = ["payments"]
