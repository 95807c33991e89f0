from .allocating import is_masked, may_record, record_allocation, subjects_to_allocate
from .consenting import record_consent
from .counting import subjects_are_kept, subjects_once_at
from .registering import add_subject, add_visit, transfer_subject
from .scheduling import schedule_visits

__all__ = [
    "add_subject",
    "add_visit",
    "is_masked",
    "may_record",
    "record_allocation",
    "record_consent",
    "schedule_visits",
    "subjects_are_kept",
    "subjects_once_at",
    "subjects_to_allocate",
    "transfer_subject",
]
