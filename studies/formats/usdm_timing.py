"""Days of a USDM timeline: its timings are a graph that hangs from one Fixed Reference, day 0.

Every timing says "this instance lies so long after (before) that one". All that can be reached from
the reference day gets an offset; what contradicts another timing or hangs in the air gets none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from studies.formats.duration import Duration, NotAFixedDuration, read_duration
from studies.formats.node import Node, quoted
from studies.formats.usdm_codes import Term, read_term


@dataclass(frozen=True, slots=True)
class Window:
    before_days: int | None = None
    after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One timing: `key` lies `after` the instance `reference`."""

    key: str
    reference: str
    after: Duration
    node: Node


@dataclass(slots=True)
class Days:
    """What the timings of one timeline say about its instances."""

    anchor: str | None = None
    offset: dict[str, Duration] = field(default_factory=dict)
    window: dict[str, Window] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)  # why an instance has no offset


def solve_days(timeline: Node, known: frozenset[str]) -> Days:
    """Offsets, windows and reasons for the instances of the timeline whose ids are `known`."""
    days = Days()
    steps: list[Step] = []
    for timing in timeline.children("timings"):
        key = timing.identifier("relativeFromScheduledInstanceId")
        if key not in known:
            timing.note(f"The timing {_name(timing)} belongs to no scheduled instance of its timeline.")
            continue
        _read_window(timing, key, days)
        term = read_term(timing, "type")
        if _is(term, "C201358", "fixed"):
            _set_anchor(timing, key, days)
        elif step := _read_step(timing, key, term, known, days):
            steps.append(step)
    _solve(steps, days)
    for key in known - set(days.offset):
        days.reason.setdefault(key, _reason_without_chain(key, steps, days))
    return days


def _is(term: Term | None, code: str, word: str) -> bool:
    return term is not None and (term.code.upper() == code or term.words.casefold().startswith(word))


def _name(timing: Node) -> str:
    return quoted(
        timing.detail("label") or timing.detail("name") or timing.identifier("id") or "without a name"
    )


def _set_anchor(timing: Node, key: str, days: Days) -> None:
    # The value of a Fixed Reference is how the day is called (P1D for Day 1), not an offset.
    if days.anchor is None:
        days.anchor = key
    elif key != days.anchor:
        timing.note(
            f"The timing {_name(timing)} is a second fixed reference; day 0 is the first one. "
            "Visits that are only counted from it have no day."
        )
        days.reason[key] = "it is a second fixed reference, and no timing says how far it is from the first"


def _read_step(timing: Node, key: str, term: Term | None, known: frozenset[str], days: Days) -> Step | None:
    """The timing as a step, or None with the reason kept for its instance."""
    after, before = _is(term, "C201356", "after"), _is(term, "C201357", "before")
    reference = timing.identifier("relativeToScheduledInstanceId")
    problem = None
    length, sign = Duration(), ""
    if not (after or before):
        problem = f"the type of the timing {_name(timing)} is neither After, Before nor Fixed Reference"
    elif reference not in known:
        problem = f"the timing {_name(timing)} counts from an instance that is not in the timeline"
    else:
        try:
            length, sign = read_duration(timing.text("value") or "")
        except NotAFixedDuration as unclear:
            problem = f"in the timing {_name(timing)} {unclear}"
        if after and sign == "-":
            # "Before -P2W" says the same twice and is common; "After -P2W" says two things.
            problem = f"the timing {_name(timing)} says After and has a negative value"
    if problem or reference is None:
        timing.note(f"{_capital(problem or 'the timing has no reference')}.")
        days.reason.setdefault(key, problem or "")
        return None
    _note_relation(timing)
    magnitude = -length if sign == "-" else length
    return Step(key, reference, magnitude if after else -magnitude, timing)


def _note_relation(timing: Node) -> None:
    relation = read_term(timing, "relativeToFrom")
    words = relation.words.casefold() if relation else "start to start"
    if words not in ("start to start", "c201355"):
        timing.note(
            f"The timing {_name(timing)} counts {words}; it was taken as start to start, "
            "as if the visits begin and end on the same day."
        )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _solve(steps: list[Step], days: Days) -> None:
    """Spread from the anchor; an instance whose timings disagree is taken out, with what hangs on it."""
    if days.anchor is None:
        return
    doubtful: set[str] = set()
    while True:
        usable = [s for s in steps if s.key not in doubtful and s.reference not in doubtful]
        offset = _spread(days.anchor, usable)
        wrong = next((s for s in usable if _disagrees(s, offset)), None)
        if wrong is None:
            days.offset = offset
            return
        blamed = wrong.reference if wrong.key == days.anchor else wrong.key
        wrong.node.note(f"The timing {_name(wrong.node)} contradicts the other timings of its visit.")
        if blamed == days.anchor:  # the reference day counted from itself: it stays day 0
            steps = [s for s in steps if s is not wrong]
            continue
        doubtful.add(blamed)
        days.reason[blamed] = "its timings contradict each other"


def _spread(anchor: str, steps: list[Step]) -> dict[str, Duration]:
    """Days of all instances connected with the anchor, walking the steps both ways."""
    neighbours: dict[str, list[tuple[str, Duration]]] = {}
    for step in steps:
        neighbours.setdefault(step.reference, []).append((step.key, step.after))
        neighbours.setdefault(step.key, []).append((step.reference, -step.after))
    offset = {anchor: Duration()}
    waiting = [anchor]
    for known in waiting:  # grows while it is walked: breadth first, so short chains decide
        for key, distance in neighbours.get(known, ()):
            if key not in offset:
                offset[key] = offset[known] + distance
                waiting.append(key)
    return offset


def _disagrees(step: Step, offset: dict[str, Duration]) -> bool:
    if step.key not in offset or step.reference not in offset:
        return False
    return (offset[step.reference] + step.after).in_seconds != offset[step.key].in_seconds


def _reason_without_chain(key: str, steps: Iterable[Step], days: Days) -> str:
    if days.anchor is None:
        return "the timeline has no fixed reference to count from"
    own = next((step for step in steps if step.key == key), None)
    if own is None:
        return "no timing says when it is"
    return f"its timing {_name(own.node)} does not chain to the fixed reference"


def _read_window(timing: Node, key: str, days: Days) -> None:
    """Non-negative days before and after the target.

    Official files write magnitudes without a sign (P3D, P3D is 3 days either side), others sign them.
    """
    before, after = _bound(timing, "windowLower", "+"), _bound(timing, "windowUpper", "-")
    window = Window(before, after)
    if window == Window():
        return
    if days.window.setdefault(key, window) != window:
        timing.note(
            f"The timing {_name(timing)} gives its visit a second, different window; it was left out."
        )


def _bound(timing: Node, name: str, wrong_sign: str) -> int | None:
    text = timing.detail(name)
    if text is None:
        return None
    try:
        length, sign = read_duration(text)
    except NotAFixedDuration as unclear:
        timing.note(f"The window of the timing {_name(timing)} was left out: {unclear}.", name)
        return None
    if sign == wrong_sign and length.in_seconds:
        side = "before" if wrong_sign == "+" else "after"
        timing.note(
            f"The window of the timing {_name(timing)} says {quoted(text)} for the days {side}; "
            "a window that leaves out the target day was not taken.",
            name,
        )
        return None
    if length.hours_left:
        timing.note(
            f"The window {quoted(text)} of the timing {_name(timing)} was kept as "
            f"{abs(length.whole_days)} whole days: planned visits have no hours.",
            name,
        )
    return abs(length.whole_days)
