"""What can be brought to finance as a sheet."""

from .payments import PaymentSheet

__all__ = ["PaymentSheet"]
