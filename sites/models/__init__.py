from .activation import ActivationWaiver, WaiverStatus
from .contacts import ContactKind, ContactStatus, Direction, SiteContact, Topic
from .staff import SiteRole, SiteStaff, Task

__all__ = [
    "ActivationWaiver",
    "ContactKind",
    "ContactStatus",
    "Direction",
    "SiteContact",
    "SiteRole",
    "SiteStaff",
    "Task",
    "Topic",
    "WaiverStatus",
]
