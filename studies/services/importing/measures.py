"""Outcomes: what the study measures. The registry's list stands once there is one."""

from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from studies.models import Outcome

from .about import Kind
from .words import plain

# From this likeness on an outcome was reworded and is not another one.
_REWORDED = 0.6


def import_outcomes(about):
    """Bring the outcomes up to date; those a newer file no longer has are retired."""
    if not about.file.outcomes:
        return
    rows = [] if about.is_new else list(Outcome.objects.filter(study=about.study).order_by("sequence", "pk"))
    if about.kind is Kind.PROTOCOL and "outcomes" in about.past.stated[Kind.REGISTRY]:
        _list_what_the_registry_does_not_say(about, rows)
        return
    for level in Outcome.Level:
        said = [outcome for outcome in about.file.outcomes if outcome.level.value == level]
        _import_level(about, level, said, [row for row in rows if row.level == level])


def _list_what_the_registry_does_not_say(about, rows):
    known = {plain(row.measure) for row in rows if not row.retired}
    left_out = [o.measure for o in about.file.outcomes if plain(o.measure) not in known]
    if left_out:
        about.note(
            "outcomes",
            _("The registry's outcomes stand; %(count)d of the protocol file were left out: %(names)s.")
            % {"count": len(left_out), "names": "; ".join(measure[:100] for measure in left_out)},
        )


def _import_level(about, level, said, rows):
    values = [
        {"measure": o.measure, "time_frame": o.time_frame or "", "description": o.description or ""}
        for o in said
    ]
    pairs = _pair(values, rows)
    kept = {row.pk for row in pairs.values()}
    for row in rows:
        if row.pk not in kept and not row.retired:
            about.change("outcomes", row, {"retired": True})
    free = max((row.sequence for row in rows), default=0)
    for number, fields in enumerate(values):
        if number in pairs:
            about.change("outcomes", pairs[number], {**fields, "retired": False})
        else:
            free += 1
            about.add("outcomes", Outcome(study=about.study, level=level, sequence=free, **fields))


def _pair(values, rows):
    """Return {position in the file: row}: the very same first, then the same measure, then a reworded one."""
    pairs, free = {}, sorted(rows, key=lambda row: (row.retired, row.sequence))
    tests = (
        lambda fields, row: all(getattr(row, name) == value for name, value in fields.items()),
        lambda fields, row: plain(row.measure) == plain(fields["measure"]),
        lambda fields, row: not row.retired and _is_reworded(fields["measure"], row.measure),
    )
    for alike in tests:
        for number, fields in enumerate(values):
            if number not in pairs and (row := next((r for r in free if alike(fields, r)), None)) is not None:
                pairs[number] = row
                free.remove(row)
    return pairs


def _is_reworded(one, other):
    matcher = SequenceMatcher(None, plain(one)[:300], plain(other)[:300], autojunk=False)
    return matcher.quick_ratio() >= _REWORDED and matcher.ratio() >= _REWORDED
