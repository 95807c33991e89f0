"""What a subject was allocated to: written and read inside the circle only."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as
from subjects.models import Allocation, Subject

OPEN_LABEL = "NONE"


def is_masked(study):
    """True unless the study says it is open label: what nobody stated is kept from the blinded (fail closed)."""
    return study.masking != OPEN_LABEL


def may_record(actor, study, place):
    """True if `actor` may write the allocation of a subject at this place of the study."""
    if actor.username == SYSTEM and actor.is_active:
        return True
    return access_of(actor).allows_at("subjects.record_allocation", place.place(), unblinded=is_masked(study))


def subjects_to_allocate(actor):
    """
    Return the subjects whose allocation `actor` may write: of a masked study within its circle only.

    Whoever may not is offered none of them: that one has an allocation already would be told by its refusal.
    """
    access = access_of(actor)
    rows = Subject.objects.visible_to(actor, "subjects.record_allocation")
    if None in access.circles:
        return rows
    return rows.filter(Q(study__masking=OPEN_LABEL) | Q(study__in=access.circles))


def record_allocation(*, actor, subject, arm=None, arm_label="", kit_number="", allocated_on=None):
    """
    Record an allocation.

    :raises PermissionDenied: not in the circle; the sentence is the same whether there is one or not
    """
    if not may_record(actor, subject.study, subject):
        raise PermissionDenied(why_not(actor, "subjects.record_allocation"))
    allocation = new_allocation(
        subject, arm=arm, arm_label=arm_label, kit_number=kit_number, allocated_on=allocated_on
    )
    with acting_as(actor):
        allocation.full_clean()
        allocation.save()
    return allocation


def new_allocation(subject, **values):
    """Return the unsaved allocation of a subject with the blinding of its study."""
    return Allocation(subject=subject, unblinded=is_masked(subject.study), **values)
