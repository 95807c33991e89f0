"""Arms, epochs, activities and planned visits: the design, which the protocol file owns."""

from django.utils.translation import gettext as _

from studies.models import Activity, Arm, Epoch, PlannedVisit, PlannedVisitActivity

from .about import Kind
from .pairing import FROM_REGISTRY, Line, numbers_alike, pair
from .words import called, short_key

_COLLECTIONS = {Arm: "arms", Epoch: "epochs", Activity: "activities", PlannedVisit: "planned_visits"}


def import_plan(about):
    """Bring the plan up to date; lines the protocol no longer has are retired."""
    if about.kind is Kind.REGISTRY:
        _import_registry_arms(about)
        return
    lines = {
        Arm: [_arm_line(about, arm, number) for number, arm in enumerate(about.file.arms, 1)],
        Epoch: [_line(about, Epoch, epoch, kind=epoch.kind.value) for epoch in about.file.epochs],
        Activity: [_line(about, Activity, a, is_group=a.is_group) for a in about.file.activities],
        PlannedVisit: [_visit_line(about, visit) for visit in about.file.planned_visits],
    }
    rows = {model: _rows(about, model) for model in lines}
    alike = numbers_alike([(rows[model], lines[model]) for model in lines])
    _write_lines(about, Arm, rows[Arm], lines[Arm], alike)
    epochs = _write_lines(about, Epoch, rows[Epoch], lines[Epoch], alike)
    activities = _write_activities(about, rows[Activity], lines[Activity], alike)
    for line in lines[PlannedVisit]:
        line.values["epoch"] = epochs.get(line.item.epoch_key)
    visits = _write_lines(about, PlannedVisit, rows[PlannedVisit], lines[PlannedVisit], alike)
    _write_crosses(about, visits, activities)


def _rows(about, model):
    return [] if about.is_new else list(model.objects.filter(study=about.study).order_by("sequence", "pk"))


def _line(about, model, item, **more):
    values = {
        "name": item.name,
        "label": item.label or "",
        "description": item.description or "",
        "sequence": item.order,
        **more,
    }
    return Line(item.key, about.fitting(model, values, of=_COLLECTIONS[model]), item)


def _arm_line(about, arm, number):
    """Of an arm only what the file states: a registry record may have said more."""
    values = {"name": arm.name, "sequence": number, "kind": "" if arm.kind == "UNKNOWN" else arm.kind.value}
    values |= {"label": arm.label, "description": arm.description}
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    return Line(arm.key, about.fitting(Arm, stated, of="arms"), arm)


def _visit_line(about, visit):
    return _line(
        about,
        PlannedVisit,
        visit,
        kind=visit.kind.value,
        contact_modes=", ".join(mode.value for mode in visit.contact_modes),
        settings=", ".join(visit.environmental_settings),
        offset_days=visit.offset_days,
        window_before_days=visit.window_before_days,
        window_after_days=visit.window_after_days,
    )


def _write_lines(about, model, rows, lines, alike):
    """Write the lines and retire the others; returns {key in the file: record}."""
    if not lines:
        return {}
    # "Day -1" and "Day 1" are two visits: their names are compared to the letter.
    paired = pair(rows, lines, alike=alike, loosely=model is not PlannedVisit)
    _free_keys(about, model, rows, lines, paired)
    kept = {row.pk for row in paired.values()}
    for row in rows:
        if row.pk not in kept and row.key and not row.retired:
            about.change(_COLLECTIONS[model], row, {"retired": True})
    written = {}
    for line in lines:
        row = paired.get(line.key)
        if row is None:
            row = about.add(_COLLECTIONS[model], model(study=about.study, key=line.key, **line.values))
        else:
            about.change(_COLLECTIONS[model], row, {**line.values, "key": line.key, "retired": False})
        written[line.item.key] = row
    return written


def _free_keys(about, model, rows, lines, paired):
    """A key names one line of a study: take it from the row that had it before it is given to another."""
    for line in lines:
        for row in rows:
            if row.key == line.key and paired.get(line.key) is not row:
                lost = {} if row in paired.values() else {"retired": True}
                about.change(_COLLECTIONS[model], row, {"key": "", **lost})


def _write_activities(about, rows, lines, alike):
    written = _write_lines(about, Activity, rows, lines, alike)
    for line in lines:
        record, group = written[line.item.key], written.get(line.item.group_key)
        if group is not None and group.pk == record.pk:
            group = None
        about.change("activities", record, {"group": group})
    return written


def _write_crosses(about, visits, activities):
    """Put the crosses of the schedule as the file has them."""
    present = {}
    if visits and not about.is_new:
        rows = PlannedVisitActivity.objects.filter(planned_visit__in=visits.values()).select_related(
            "activity"
        )
        for cross in rows:
            present.setdefault(cross.planned_visit_id, {})[cross.activity_id] = cross
    added, removed = [], []
    for visit in about.file.planned_visits:
        record = visits[visit.key]
        wanted = {activities[key].pk: activities[key] for key in visit.activity_keys if key in activities}
        had = present.get(record.pk, {})
        gone = [had[pk] for pk in had.keys() - wanted.keys()]
        new = [activity for pk, activity in wanted.items() if pk not in had]
        removed += gone
        added += [PlannedVisitActivity(study=about.study, planned_visit=record, activity=a) for a in new]
        if (gone or new) and not about.was_made("planned_visits", record):
            _tell_of_crosses(about, record, [cross.activity for cross in gone], new)
    PlannedVisitActivity.objects.filter(pk__in=[cross.pk for cross in removed]).delete()
    PlannedVisitActivity.objects.bulk_create(added)


def _tell_of_crosses(about, visit, gone, new):
    about.ledger.count_updated("planned_visits", visit)
    removed, added = (", ".join(sorted(str(activity) for activity in some)) for some in (gone, new))
    about.ledger.differ(
        called(visit),
        _("Activities"),
        _("removed: %s") % removed if removed else _("nothing removed"),
        _("added: %s") % added if added else _("nothing added"),
    )


# --- arms of a registry record ---------------------------------------------------------------------------


def _import_registry_arms(about):
    """A record's arms make the study's, until a protocol file has; then they only add what is missing."""
    lines = [_arm_line(about, arm, number) for number, arm in enumerate(about.file.arms, 1)]
    for line in lines:
        line.key = short_key(FROM_REGISTRY + line.item.key, 200)
    rows = _rows(about, Arm)
    if not any(row.key and not row.key.startswith(FROM_REGISTRY) and not row.retired for row in rows):
        _write_lines(about, Arm, rows, lines, True)
        return
    in_force = [row for row in rows if not row.retired]
    paired = pair(in_force, lines, alike=False, loosely=True)
    for line in lines:
        if (row := paired.get(line.key)) is None:
            about.note(
                "arms",
                _("The registry's arm “%s” is none of the protocol's by name; it was left out.")
                % line.item.name,
            )
            continue
        missing = {name: value for name, value in line.values.items() if getattr(row, name) in (None, "")}
        about.change("arms", row, missing)
