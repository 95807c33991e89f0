"""What is seen of sites: their people, what was said with them, what their activation waits for."""

from .activation import WaiverRecord, Waivers
from .board import board_of
from .contacts import ContactLog, ContactRecord
from .staff import SiteStaffRecord, Staff
from .start_up import start_up_of

__all__ = [
    "ContactLog",
    "ContactRecord",
    "SiteStaffRecord",
    "Staff",
    "WaiverRecord",
    "Waivers",
    "board_of",
    "start_up_of",
]
