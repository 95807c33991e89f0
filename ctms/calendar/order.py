"""Days that contradict one another: what is wrong about their order is said at the later of them."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Q


def said_at_their_days(record, refused):
    """Return the errors of refused constraints, {field: errors}, with those about days alone under the later day."""
    errors = dict(refused.error_dict)
    for error in errors.pop(NON_FIELD_ERRORS, []):
        errors.setdefault(_day_meant_by(record._meta, error.message), []).append(error)
    return errors


def _day_meant_by(meta, sentence):
    for constraint in meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            named = set(_names_in(constraint.condition))
            fields = [f for f in meta.fields if f.name in named]
            only_days = all(isinstance(field, models.DateField) for field in fields)
            if fields and only_days and constraint.get_violation_error_message() == sentence:
                return fields[-1].name
    return NON_FIELD_ERRORS


def _names_in(condition):
    """Yield the names of the fields a condition speaks of."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names_in(child)
        else:
            lookup, value = child
            yield lookup.partition("__")[0]
            if isinstance(value, models.F):
                yield value.name
