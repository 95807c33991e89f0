"""What is printed of money, and reported of it."""

from . import statement
from .payments import print_letter

__all__ = ["print_letter", "statement"]
