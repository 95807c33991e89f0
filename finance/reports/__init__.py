"""What is printed of money."""

from .payments import print_letter

__all__ = ["print_letter"]
