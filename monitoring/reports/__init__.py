"""What monitoring prints of its records, and the report of its visits."""

from . import visit_tracker
from .printing import letter_reading, print_contact, print_letter, print_report, reading

__all__ = ["letter_reading", "print_contact", "print_letter", "print_report", "reading", "visit_tracker"]
