"""Dated milestones. Each file keeps its own; those the house plans by are compared and never touched."""

from collections import Counter

from django.utils.translation import gettext as _

from ctms.calendar.partial_dates import PartialDate
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import adopt, perform
from studies.formats.study_file import DateKind
from studies.formats.study_file import MilestoneKind as FileKind
from studies.models import Milestone, MilestoneKind, MilestoneStatus

from .about import Kind
from .protocol import dated
from .words import called, plain, short_key

# An estimated start date of the registry is when recruitment is expected to open, an actual one is when the
# first participant was enrolled (practice.md, correction 23): one milestone, first planned, then reached.
_KINDS = {FileKind.STUDY_START: MilestoneKind.FIRST_SUBJECT_IN}
# The registry reconstructed the day of these, but that it has come the record itself proves.
_HAPPENED = frozenset({FileKind.REGISTRY_FIRST_POSTED, FileKind.RESULTS_FIRST_POSTED})


def import_milestones(about, countries):
    """
    Bring the file's milestones up to date.

    :param countries: alpha-2 code -> the country's part in the study
    """
    rows = [] if about.is_new else list(Milestone.objects.filter(study=about.study).order_by("pk"))
    by_key = {row.source_key: row for row in rows if row.source_key}
    of_the_house = {}
    for row in rows:
        if not row.source_key and row.site_id is None and row.country_id is None:
            of_the_house.setdefault(row.kind, row)
    undecided = []
    keyed = list(_keyed(about.kind, about.file.milestones))
    for key, item in keyed:
        values = _values(about, item)
        if item.date_kind is DateKind.NOT_STATED and not _is_actual(about, item):
            undecided.append(f"{values['name']} {item.date.text}")
        elif item.date_kind is DateKind.NOT_STATED:
            said = f"{values['name']} {item.date.text}"
            about.note("milestones", _("%s: the registry reconstructed the day.") % said)
        own = of_the_house.get(values["kind"]) if values["kind"] != MilestoneKind.OTHER else None
        if key in by_key:
            _bring_up_to_date(about, by_key[key], item, values)
        elif own is not None:
            _compare(about, own, item)
        else:
            _make(about, item, values, key, _country_of(item, countries))
    _list_the_vanished(about, rows, {key for key, _item in keyed})
    if undecided:
        about.note(
            "milestones",
            _("The file does not say whether these dates are planned or actual; they stand as planned: %s.")
            % "; ".join(undecided),
        )


def _list_the_vanished(about, rows, keys):
    """A date the newer file no longer gives stays; that a file gives none at all says nothing."""
    for row in rows:
        if keys and row.source_key.startswith(f"{about.kind.value}:") and row.source_key not in keys:
            about.note("milestones", _("The file no longer has the milestone %s. Kept.") % row)


def _keyed(kind, items):
    """Pair each milestone with the key it keeps in later files: what it is of, where, and which of several."""
    often = Counter()
    for item in items:
        key = item.kind.value if item.kind is not FileKind.OTHER else f"OTHER {plain(item.name)}"
        key = ":".join((kind.value, key, *sorted(item.countries)))
        often[key] += 1
        yield short_key(key if often[key] == 1 else f"{key}#{often[key]}", 200), item


def _values(about, item):
    kind = _KINDS.get(item.kind, MilestoneKind(item.kind.value))
    name = str(kind.label) if item.kind in _KINDS else item.name
    if len(item.countries) > 1:
        name = f"{name} ({', '.join(item.countries)})"
    return about.fitting(Milestone, {"kind": kind, "name": name}, of="milestones")


def _country_of(item, countries):
    return countries.get(item.countries[0]) if len(item.countries) == 1 else None


def _is_actual(about, item):
    if item.date_kind is DateKind.NOT_STATED:
        return about.kind is Kind.REGISTRY and item.kind in _HAPPENED
    return item.date_kind is DateKind.ACTUAL


def _make(about, item, values, key, country):
    actual = _is_actual(about, item)
    dates = dated(item.date, "actual" if actual else "planned")
    row = Milestone(study=about.study, country=country, source_key=key, **values, **dates)
    about.add("milestones", row)
    if actual:
        _enter_as_reached(about, row, item)


def _enter_as_reached(about, row, item):
    """Take a milestone over as reached; a day the file calls actual and that lies ahead stands as planned."""
    try:
        adopt(
            row,
            MilestoneStatus.COMPLETED,
            actor=about.actor,
            reason=about.file_name,
            happened_on=row.actual_on,
        )
    except TransitionRefused as refused:
        about.note("milestones", f"{row}, {item.date.text}: {refused.sentence}")
        row.actual_on = None
        for name, value in dated(item.date, "planned").items():
            setattr(row, name, value)
        row.save()


def _bring_up_to_date(about, row, item, values):
    planned = row.status == MilestoneStatus.PLANNED
    if not _is_actual(about, item):
        if planned:
            values |= dated(item.date, "planned")
        else:
            _compare(about, row, item)
        about.change("milestones", row, values)
        return
    about.change("milestones", row, values)
    if row.status == MilestoneStatus.NOT_APPLICABLE:
        _compare(about, row, item)
    elif not planned or _complete(about, row, item):
        about.change("milestones", row, dated(item.date, "actual"))


def _complete(about, row, item):
    """Record through the workflow that the day has come; what it refuses is listed."""
    title, status = called(row), row.get_status_display()
    try:
        done = perform(row, "complete", actor=about.actor, reason=about.file_name, happened_on=item.date.on)
    except TransitionRefused as refused:
        about.note("milestones", f"{row}, {item.date.text}: {refused.sentence}")
        return False
    row.refresh_from_db()
    about.ledger.count_updated("milestones", row)
    about.ledger.differ(title, _("Status"), status, done.get_status_display())
    about.ledger.differ(
        title, _("Actual"), _("nothing"), str(PartialDate(item.date.on, item.date.precision.value))
    )
    return True


def _compare(about, row, item):
    """List where a milestone a person decided on is not what the file says."""
    actual = _is_actual(about, item)
    if _agrees(row, item, actual=actual):
        return
    about.note(
        "milestones",
        _("%(source)s %(name)s: %(said)s (%(how)s); the study has: %(kept)s. Kept.")
        % {
            "source": about.kind.speaks(),
            "name": row,
            "said": item.date.text,
            "how": _("actual") if actual else _("planned"),
            "kept": str(row.actual or row.planned or row.get_status_display()),
        },
    )


def _agrees(row, item, *, actual):
    if row.actual_on is not None:
        return row.actual_on == item.date.on and item.date_kind is not DateKind.PLANNED
    return not actual and row.status == MilestoneStatus.PLANNED and row.planned_on == item.date.on
