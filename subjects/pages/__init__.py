"""What is seen of subjects, their consents, their visits and how many they are."""

from .consents import (
    AllocationRecord,
    Allocations,
    ConsentRecord,
    Consents,
    SubjectTransferRecord,
    SubjectTransfers,
)
from .enrolment import enrolment_picture
from .people import SubjectRecord, Subjects
from .visits import SubjectVisitRecord, SubjectVisits

__all__ = [
    "AllocationRecord",
    "Allocations",
    "ConsentRecord",
    "Consents",
    "SubjectRecord",
    "SubjectTransferRecord",
    "SubjectTransfers",
    "SubjectVisitRecord",
    "SubjectVisits",
    "Subjects",
    "enrolment_picture",
]
