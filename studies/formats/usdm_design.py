"""What a USDM study design says: phase, arms, epochs, activities, visits and outcomes."""

from collections.abc import Sequence
from typing import Any

from studies.formats import usdm_codes
from studies.formats.node import Node, quoted
from studies.formats.study_file import (
    ActivityFile,
    ArmFile,
    DateKind,
    EnrolmentFile,
    EpochFile,
    OutcomeFile,
    OutcomeLevel,
    PlannedVisitFile,
    StudyType,
)
from studies.formats.usdm_codes import Term, read_term, read_terms
from studies.formats.usdm_order import Item, in_order, items_of
from studies.formats.usdm_schedule import Surroundings, note_unused_encounters, read_planned_visits
from studies.formats.usdm_text import plain


def read_design(design: Node, version: Node, study: Node) -> dict[str, Any]:
    """What the design says, by the fields of a StudyFile."""
    epochs, activities = _epochs(design), _activities(design)
    masked = read_term(design, "blindingSchema") or read_term(design, "blindingScheme")
    model = read_term(design, "model") or read_term(design, "interventionModel")
    return {
        "phase": phase_of(design, version),
        "study_type": _study_type(design, version),
        "therapeutic_areas": _areas(design, version),
        "conditions": _indications(design),
        "masking": _known(masked, usdm_codes.masking(masked), "blinding", design),
        "allocation": _allocation(design),
        "intervention_model": _known(
            model, usdm_codes.intervention_model(model), "intervention model", design
        ),
        "enrolment": _enrolment(design),
        "arms": _arms(design),
        "epochs": epochs,
        "activities": activities,
        "planned_visits": _visits(design, epochs, activities),
        "outcomes": _outcomes(design),
    }


def phase_of(design: Node, version: Node) -> Any:
    """The phase the design names, in version 3 the study version."""
    return usdm_codes.read_phase(read_term(design, "studyPhase") or read_term(version, "studyPhase"), design)


def _known(term: Term | None, meaning: str | None, what: str, node: Node) -> str | None:
    if term is not None and meaning is None:
        node.findings.add(term.place, f"The {what} {quoted(term.words)} is not known; it was left out.")
    return meaning


def _study_type(design: Node, version: Node) -> StudyType | None:
    term = read_term(design, "studyType") or read_term(version, "studyType")
    shape = design.detail("instanceType") or ""
    words = f"{term.words if term else ''} {shape}".casefold()
    code = term.code.upper() if term else ""
    if "expanded access" in words or code == "C98722":
        return StudyType.EXPANDED_ACCESS
    if "observational" in words or code == "C16084":
        return StudyType.OBSERVATIONAL
    if "interventional" in words or code == "C98388":
        return StudyType.INTERVENTIONAL
    return None


def _areas(design: Node, version: Node) -> tuple[str, ...]:
    terms = read_terms(design, "therapeuticAreas") or read_terms(version, "businessTherapeuticAreas")
    return tuple(dict.fromkeys(term.words for term in terms))


def _indications(design: Node) -> tuple[str, ...]:
    nodes = design.children("indications")
    names = (n.detail("label") or n.detail("description") or n.detail("name") for n in nodes)
    return tuple(dict.fromkeys(name for name in names if name))


def _allocation(design: Node) -> str | None:
    # C46079 among the characteristics; its absence does not mean "not randomised".
    terms = read_terms(design, "characteristics")
    randomised = any(t.code.upper() == "C46079" or t.decode.casefold().startswith("random") for t in terms)
    return "RANDOMIZED" if randomised else None


def _enrolment(design: Node) -> EnrolmentFile | None:
    population = design.child("population")
    if population is None:
        return None
    bare = _amount(population.fields.get("plannedEnrollmentNumber"))
    if bare is not None and bare >= 0 and bare == int(bare):
        return EnrolmentFile(int(bare), DateKind.PLANNED)
    planned = population.child("plannedEnrollmentNumber")
    if planned is None:
        if any(cohort.has("plannedEnrollmentNumber") for cohort in population.children("cohorts")):
            what = "The planned enrolment is given per cohort, not for the study; it was left out."
            population.note(what, "plannedEnrollmentNumber")
        return None
    # A Quantity has a value; a Range has two, which are Quantities in version 4.
    low = _amount(planned.fields.get("value", planned.fields.get("minValue")))
    high = _amount(planned.fields.get("value", planned.fields.get("maxValue")))
    if low is None or low != high or low < 0 or low != int(low):
        planned.note("The planned enrolment is not one whole number; it was left out.")
        return None
    return EnrolmentFile(int(low), DateKind.PLANNED)


def _amount(value: Any) -> float | None:
    if isinstance(value, dict):
        value = value.get("value")
    return (
        value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9
        else None
    )


def _arms(design: Node) -> tuple[ArmFile, ...]:
    return tuple(
        ArmFile(
            key=item.key,
            name=item.node.detail("name") or item.node.detail("label") or item.key,
            label=item.node.detail("label"),
            kind=usdm_codes.arm_kind(read_term(item.node, "type")),
            description=plain(item.node.detail("description")),
        )
        for item in items_of(design, "arms")
    )


def _epochs(design: Node) -> tuple[EpochFile, ...]:
    ordered = in_order(items_of(design, "epochs"), "epochs", design.at("epochs"), design.findings)
    epochs = []
    for order, item in enumerate(ordered, 1):
        name = item.node.detail("name") or item.node.detail("label") or item.key
        epochs.append(
            EpochFile(
                key=item.key,
                name=name,
                order=order,
                label=item.node.detail("label"),
                kind=usdm_codes.epoch_kind(read_term(item.node, "type"), name),
                description=plain(item.node.detail("description")),
            )
        )
    return tuple(epochs)


def _activities(design: Node) -> tuple[ActivityFile, ...]:
    items = items_of(design, "activities")
    group_of = _groups(items)
    groups = set(group_of.values())
    ordered = in_order(items, "activities", design.at("activities"), design.findings)
    return tuple(
        ActivityFile(
            key=item.key,
            name=item.node.detail("name") or item.node.detail("label") or item.key,
            order=order,
            label=item.node.detail("label"),
            description=plain(item.node.detail("description")),
            group_key=group_of.get(item.key),
            is_group=item.key in groups,
        )
        for order, item in enumerate(ordered, 1)
    )


def _groups(items: Sequence[Item]) -> dict[str, str]:
    """Child -> the activity it is listed under (childIds)."""
    known = {item.key for item in items}
    group_of: dict[str, str] = {}
    for item in items:
        for child in item.node.texts("childIds"):
            if child not in known or child == item.key:
                item.node.note(f"The group lists {quoted(child)}, which is not another activity.", "childIds")
            elif group_of.setdefault(child, item.key) != item.key:
                item.node.note(
                    f"The activity {quoted(child)} is in two groups; the first was kept.", "childIds"
                )
    return group_of


def _visits(
    design: Node, epochs: Sequence[EpochFile], activities: Sequence[ActivityFile]
) -> tuple[PlannedVisitFile, ...]:
    encounters = {item.key: item.node for item in items_of(design, "encounters")}
    around = Surroundings(
        encounters=encounters,
        epochs={epoch.key: epoch for epoch in epochs},
        activity_order={a.key: a.order for a in activities if not a.is_group},
        groups=frozenset(a.key for a in activities if a.is_group),
    )
    visits = read_planned_visits(design, around)
    note_unused_encounters(encounters, visits, design.findings)
    return visits


def _outcomes(design: Node) -> tuple[OutcomeFile, ...]:
    """Endpoints, primary first, under the objective's level where they have none of their own."""
    found: dict[OutcomeFile, None] = {}
    for objective in design.children("objectives"):
        above = usdm_codes.outcome_level(read_term(objective, "level"))
        for endpoint in objective.children("endpoints"):
            measure = plain(
                endpoint.detail("text") or endpoint.detail("description") or endpoint.detail("label")
            )
            level = usdm_codes.outcome_level(read_term(endpoint, "level")) or above
            if measure is None:
                endpoint.note("An endpoint has no text; it was left out.")
            elif level is None:
                endpoint.note(
                    f"The level of the endpoint {quoted(measure)} is not known; it was left out.", "level"
                )
            else:
                found[OutcomeFile(level, measure)] = None
    return tuple(sorted(found, key=lambda outcome: list(OutcomeLevel).index(outcome.level)))
