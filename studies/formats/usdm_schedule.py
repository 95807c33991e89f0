"""The main timeline of a USDM design -> planned visits in schedule order.

- The order is the walk from entryId along defaultConditionId. Instances the walk does not meet come
  after it, each with a note.
- A ScheduledActivityInstance with an encounter is a planned visit. Without one it is no visit: it is
  listed, unless it carries no activities at all (a bare point in time that others count from).
- A ScheduledDecisionInstance is listed with its conditions; the walk takes its default branch.
- Other timelines are listed when they hold encounters, or when nothing in the design leads to them
  ("Early Termination"). A timeline that details one activity within a visit is left out on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studies.formats.node import Findings, Node, quoted
from studies.formats.study_file import ContactMode, EpochFile, PlannedVisitFile
from studies.formats.usdm_codes import contact_mode, read_terms, visit_kind
from studies.formats.usdm_order import Item, items_of
from studies.formats.usdm_timing import Days, Window, solve_days


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What planned visits refer to, by id."""

    encounters: Mapping[str, Node]
    epochs: Mapping[str, EpochFile]
    activity_order: Mapping[str, int]  # of activities that can be done, groups left out
    groups: frozenset[str]


def read_planned_visits(design: Node, around: Surroundings) -> tuple[PlannedVisitFile, ...]:
    timelines = items_of(design, "scheduleTimelines")
    main = _main_timeline(design, timelines)
    _list_other_timelines(design, timelines, main)
    if main is None:
        return ()
    instances = items_of(main.node, "instances")
    days = solve_days(main.node, frozenset(item.key for item in instances))
    taken: set[str] = set()
    visits: list[PlannedVisitFile] = []
    for item in _walk(main.node, instances):
        if _is_decision(item):
            _list_decision(item, instances)
        elif item.node.identifier("encounterId") is None:
            _list_point_without_encounter(item)
        else:
            visits.append(_planned_visit(item, len(visits) + 1, around, days, taken))
    return tuple(visits)


def _main_timeline(design: Node, timelines: Sequence[Item]) -> Item | None:
    marked = [item for item in timelines if item.node.flag("mainTimeline")]
    if len(marked) > 1:
        for item in marked[1:]:
            item.node.note(
                f"The timeline {_name(item)} is marked as main, as another is before it; it was left out."
            )
    if marked:
        return marked[0]
    if len(timelines) == 1:
        timelines[0].node.note("The only timeline is not marked as main; it was taken as the main one.")
        return timelines[0]
    if timelines:
        what = "None of the timelines is marked as main, so there are no planned visits."
        design.note(what, "scheduleTimelines")
    return None


def _list_other_timelines(design: Node, timelines: Sequence[Item], main: Item | None) -> None:
    led_to = {activity.identifier("timelineId") for activity in design.children("activities")}
    for item in timelines:
        led_to |= {instance.identifier("timelineId") for instance in item.node.children("instances")}
    for item in timelines:
        if item is main or (main is None and item.node.flag("mainTimeline")):
            continue
        instances = list(item.node.children("instances"))
        encounters = sum(1 for instance in instances if instance.has("encounterId"))
        if encounters:
            item.node.note(
                f"The timeline {_name(item)} has {encounters} visits of its own; they were left out."
            )
        elif item.key not in led_to:
            item.node.note(
                f"The timeline {_name(item)} is not part of the main schedule "
                "(for example unscheduled visits); it was left out."
            )


def _name(item: Item) -> str:
    return quoted(item.node.detail("label") or item.node.detail("name") or item.key)


def _is_decision(item: Item) -> bool:
    said = item.node.detail("instanceType") or ""
    return said == "ScheduledDecisionInstance" or (not said and item.node.has("conditionAssignments"))


def _walk(timeline: Node, instances: Sequence[Item]) -> list[Item]:
    """All instances in schedule order, each once."""
    by_key = {item.key: item for item in instances}
    entry = timeline.identifier("entryId")
    if len(instances) > 1 and not any(item.node.has("defaultConditionId") for item in instances):
        timeline.note("The scheduled instances are not linked to each other; they are in the file's order.")
        return list(instances)
    if entry not in by_key:
        led_to = {item.node.identifier("defaultConditionId") for item in instances}
        starts = [item.key for item in instances if item.key not in led_to]
        entry = starts[0] if starts else next(iter(by_key), None)
        if entry is not None:
            timeline.note(
                "The timeline names no entry that exists; the schedule begins with its first instance.",
                "entryId",
            )
    met: dict[str, Item] = {}
    _follow(entry, by_key, met)
    _append_branches(by_key, met)
    return list(met.values())


def _follow(key: str | None, by_key: Mapping[str, Item], met: dict[str, Item]) -> None:
    while key is not None and key not in met:
        item = by_key.get(key)
        if item is None:
            return
        met[key] = item
        key = item.node.identifier("defaultConditionId")
        if key is not None and key not in by_key:
            item.node.note("The instance leads to one that is not in the timeline.", "defaultConditionId")
        elif key is not None and key in met:
            item.node.note(
                f"After {_name(item)} the schedule goes back to {_name(met[key])}; repeats are not expanded."
            )


def _append_branches(by_key: Mapping[str, Item], met: dict[str, Item]) -> None:
    """Instances off the default way: those a decision leads to first, then what nothing leads to."""
    waiting = [item for item in by_key.values() if _is_decision(item) and item.key in met]
    for decision in waiting:
        for _, target in _conditions(decision):
            if target is not None and target in by_key and target not in met:
                by_key[target].node.note(
                    f"{_name(by_key[target])} is only reached through the decision {_name(decision)}; "
                    "it stands after the visits of the default way."
                )
                before = set(met)
                _follow(target, by_key, met)
                waiting += [met[key] for key in met if key not in before and _is_decision(met[key])]
    for item in by_key.values():
        if item.key not in met:
            where = "it was passed over" if _is_decision(item) else "it stands at the end"
            item.node.note(f"{_name(item)} is not reached from the entry of the timeline; {where}.")
            _follow(item.key, by_key, met)


def _conditions(decision: Item) -> list[tuple[str, str | None]]:
    return [
        (branch.detail("condition") or "no condition given", branch.identifier("conditionTargetId"))
        for branch in decision.node.children("conditionAssignments")
    ]


def _list_decision(item: Item, instances: Sequence[Item]) -> None:
    names = {other.key: _name(other) for other in instances}
    branches = [
        f"{quoted(condition)} leads to {names.get(target or '', 'an instance that is not in the timeline')}"
        for condition, target in _conditions(item)
    ]
    default = names.get(item.node.identifier("defaultConditionId") or "")
    said = "; ".join(branches) or "it has no conditions"
    way = f"the planned visits follow its default, {default}" if default else "it has no default"
    item.node.note(f"The decision {_name(item)} is not planned: {said}; {way}.")


def _list_point_without_encounter(item: Item) -> None:
    activities = len(item.node.texts("activityIds"))
    if activities or item.node.has("timelineId"):
        item.node.note(
            f"{_name(item)} has no encounter and is therefore no planned visit; "
            f"its {activities} activities were left out."
        )


def _planned_visit(
    item: Item, order: int, around: Surroundings, days: Days, taken: set[str]
) -> PlannedVisitFile:
    node = item.node
    encounter_key = node.identifier("encounterId")
    encounter = around.encounters.get(encounter_key or "")
    if encounter is None:
        node.note(f"The encounter of {_name(item)} is not in the design.", "encounterId")
    epoch_key = node.identifier("epochId")
    if epoch_key is not None and epoch_key not in around.epochs:
        node.note(f"The epoch of {_name(item)} is not in the design.", "epochId")
        epoch_key = None
    name = _visit_name(item, encounter, taken)
    epoch = around.epochs.get(epoch_key or "")
    window = days.window.get(item.key, Window())
    return PlannedVisitFile(
        key=item.key,
        name=name,
        order=order,
        label=node.detail("label"),
        description=(encounter and encounter.detail("description")) or node.detail("description"),
        encounter_key=encounter_key,
        epoch_key=epoch_key,
        kind=visit_kind(name, epoch.kind if epoch else None),
        contact_modes=_contact_modes(encounter),
        environmental_settings=_settings(encounter),
        offset_days=_offset_days(item, name, days),
        window_before_days=window.before_days,
        window_after_days=window.after_days,
        activity_keys=_activities(item, around),
    )


def _visit_name(item: Item, encounter: Node | None, taken: set[str]) -> str:
    """The encounter's label; where it is taken the instance's own, so that no two visits look alike."""
    own = item.node.detail("label") or item.node.detail("name")
    planned = encounter and (encounter.detail("label") or encounter.detail("name"))
    candidates = [planned, own, f"{planned} ({own})" if planned and own else None, item.key]
    name = next((c for c in candidates if c and c.casefold() not in taken), None)
    number = 2
    while name is None:
        numbered = f"{planned or own or item.key} ({number})"
        name = None if numbered.casefold() in taken else numbered
        number += 1
    taken.add(name.casefold())
    return name


def _contact_modes(encounter: Node | None) -> tuple[ContactMode, ...]:
    if encounter is None:
        return ()
    return tuple(dict.fromkeys(contact_mode(term) for term in read_terms(encounter, "contactModes")))


def _settings(encounter: Node | None) -> tuple[str, ...]:
    if encounter is None:
        return ()
    # Version 3 calls the list environmentalSetting.
    terms = read_terms(encounter, "environmentalSettings", "environmentalSetting")
    return tuple(dict.fromkeys(term.words for term in terms))


def _offset_days(item: Item, name: str, days: Days) -> int | None:
    offset = days.offset.get(item.key)
    if offset is None:
        item.node.note(f"The planned visit {quoted(name)} has no day: {days.reason[item.key]}.")
        return None
    if offset.hours_left:
        item.node.note(
            f"The planned visit {quoted(name)} lies {offset.hours_left.normalize():f} hours off its day; "
            "hours were not kept."
        )
    return offset.whole_days


def _activities(item: Item, around: Surroundings) -> tuple[str, ...]:
    keys = list(dict.fromkeys(item.node.texts("activityIds")))
    for key in keys:
        if key in around.groups:
            item.node.note(
                f"{_name(item)} lists the group {quoted(key)} as an activity; it was left out.", "activityIds"
            )
        elif key not in around.activity_order:
            item.node.note(
                f"{_name(item)} lists the activity {quoted(key)}, which is not in the design.", "activityIds"
            )
    kept = [key for key in keys if key in around.activity_order]
    return tuple(sorted(kept, key=lambda key: around.activity_order[key]))


def note_unused_encounters(
    encounters: Mapping[str, Node], visits: Sequence[PlannedVisitFile], findings: Findings
) -> None:
    """An encounter that no planned visit uses would otherwise vanish without a word."""
    used = {visit.encounter_key for visit in visits}
    for key, encounter in encounters.items():
        if key not in used:
            name = encounter.detail("label") or encounter.detail("name") or key
            findings.add(
                encounter.place, f"The encounter {quoted(name)} is not in the main schedule; it was left out."
            )
