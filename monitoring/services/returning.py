"""What a reviewer gave back and what became of it: told from the history of the report."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.scoping import everything
from ctms.audit.as_of import lines_of
from ctms.workflow.engine import last_moves, transitions_of
from monitoring.models import ReportStatus, said_of

from .reports import contents_of


@dataclass(frozen=True)
class Altered:
    """One part of a report that is not as it was when it was returned; `before` and `now` in words."""

    what: str
    before: str
    now: str


@dataclass
class Returned:
    """The last return of a report that is not approved, the author's answer to it, and what was altered since."""

    by: object  # the TransitionRecord of the return
    answer: object = None  # that of the submission after it
    altered: list[Altered] = field(default_factory=list)

    @property
    def is_answered(self):
        return self.answer is not None


def last_submission(report):
    """Return the newest submission of a report in review, whose words are the author's to the reviewer; or None."""
    if report.status != ReportStatus.IN_REVIEW:
        return None
    return transitions_of(report).filter(name="submit").order_by("-pk").first()


def return_of(report):
    """Return how a report the caller may see was Returned, or None; an approved one was mended."""
    if report.status == ReportStatus.APPROVED:
        return None
    moves = list(transitions_of(report).filter(name__in=("submit", "returned")))
    given_back = next((move for move in reversed(moves) if move.name == "returned"), None)
    if given_back is None:
        return None
    answer = moves[-1] if moves[-1].name == "submit" else None
    return Returned(given_back, answer, altered_since(report))


def returned_by(reports):
    """Return {pk: who returned it} of the drafts among some reports whose last move was their return; one query."""
    moves = last_moves(reports)
    return {pk: move.actor_name for pk, move in moves.items() if move.name == "returned"}


def altered_since(report):
    """Return what differs between a report and the version that was returned last, in the order of the report."""
    events = lines_of(report)
    with everything("the history of a report in hand"):
        reopened = events.filter(status=ReportStatus.DRAFT).order_by("-pgh_id").values("pgh_id")[:1]
        while_draft = events.filter(status=ReportStatus.IN_REVIEW, pgh_id__lt=reopened).order_by("-pgh_id")
        before = while_draft.values_list("snapshot", flat=True).first()
    return list(_altered(before, report.snapshot or contents_of(report))) if before else []


def _altered(before, now):
    replies = {question["key"]: _reply(question) for question in _questions(before)}
    for question in _questions(now):
        was, reply = replies.get(question["key"], ""), _reply(question)
        if was != reply:
            yield Altered(question["text"], was, reply)
    for name, label in LISTS.items():
        was, lines = _lines(before.get(name, [])), _lines(now.get(name, []))
        if was != lines:
            yield Altered(str(label), was, lines)
    if before["summary"] != now["summary"]:
        yield Altered(_("Summary"), before["summary"], now["summary"])
    days = [f"{content['first_day']} – {content['last_day']}" for content in (before, now)]
    if days[0] != days[1]:
        yield Altered(_("Days of the visit"), *days)


LISTS = {
    "people_met": gettext_lazy("People met"),
    "subjects_reviewed": gettext_lazy("Subjects reviewed"),
    "carried_items": gettext_lazy("Open items of earlier visits"),
    "action_items": gettext_lazy("Action items raised at this visit"),
    "deviations": gettext_lazy("Protocol deviations"),
}


def _questions(content):
    return [question for section in content["sections"] for question in section["questions"]]


def _reply(question):
    return said_of(question["answer"], question["comment"])


def _lines(rows):
    """Return the rows of a list in words; of items and deviations their number, text and state."""
    told = [row if isinstance(row, str) else _row(row) for row in rows]
    return "\n".join(told)


def _row(row):
    parts = (
        row["number"],
        row.get("subject", ""),
        row.get("text") or row.get("description", ""),
        row.get("state", ""),
    )
    return " · ".join(part for part in parts if part)
