"""The days that say how far a subject came, and the first day its site could have one."""

from ctms.signatures.signing import label_of
from ctms.workflow.models import TransitionRecord
from subjects.calculations import DAYS


def days_of(subject):
    """Return {field: day or None} of a subject, in the order of events."""
    return {field: getattr(subject, field) for field, _label in DAYS}


def green_light_on(site):
    """Return the day a site was first released to screen, or None where that is not recorded here."""
    return (
        TransitionRecord.objects.filter(
            record=label_of(site), name="activate", target="ACTIVE", happened_on__isnull=False
        )
        .order_by("happened_on")
        .values_list("happened_on", flat=True)
        .first()
    )
