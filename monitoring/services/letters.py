"""Write the letters around a visit, in the house's own words, and keep what was sent."""

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from monitoring.models import (
    NO_DEVIATION,
    ActionItem,
    AnswerValue,
    LetterKind,
    LetterStatus,
    MonitoringReport,
    VisitLetter,
    VisitStatus,
)
from sites.models import SiteRole
from sites.services import staff_on

from .presence import lines_in
from .reports import questions_of, raised_deviations
from .writing import write_before

TEXTS = {
    LetterKind.CONFIRMATION: "monitoring/letters/confirmation.txt",
    LetterKind.FOLLOW_UP: "monitoring/letters/follow_up.txt",
}
# Whom a letter is for, and who gets a copy; what is unblinded goes to the pharmacy and past the investigator.
WRITTEN_TO = {False: SiteRole.PRINCIPAL_INVESTIGATOR, True: SiteRole.PHARMACIST}
COPIED = {False: SiteRole.STUDY_COORDINATOR, True: None}


def why_no_letter(visit, kind):
    """Return why a letter of this kind is not written for a visit now, or ''."""
    if kind == LetterKind.CONFIRMATION and visit.status not in (VisitStatus.PLANNED, VisitStatus.CONFIRMED):
        return _("A visit is confirmed by letter while it is planned.")
    if kind == LetterKind.FOLLOW_UP and visit.status != VisitStatus.CONDUCTED:
        return _("A follow-up letter is written once the visit took place.")
    return ""


def write_letter(*, actor, on, visit, kind):
    """
    Begin a letter of a visit with its text and its recipients; both are changed until it is sent.

    :param on: the day it is written, at the site
    :raises ValidationError: the visit is not there yet, or has this letter already
    """
    permission = "monitoring.write_letter"
    permit_at(actor, permission, visit.place(), unblinded=visit.unblinded)
    if refusal := why_no_letter(visit, kind):
        raise ValidationError(refusal)
    letter = letter_for(visit, kind, on, actor)
    with acting_as(actor):
        letter.full_clean()
        letter.save()
    return letter


def letter_for(visit, kind, on, written_by, *, staff=None):
    """Return the unsaved letter of a visit with its text and its recipients, of a day at the site."""
    people = staff_on(visit.site, on) if staff is None else staff
    return VisitLetter(
        visit=visit,
        kind=kind,
        dated_on=on,
        recipients=_lines(people, WRITTEN_TO[visit.unblinded]),
        copies_to=_lines(people, COPIED[visit.unblinded]),
        subject=_("%(study)s, site %(site)s: %(visit)s") % {
            "study": visit.study.protocol_number, "site": visit.site.number, "visit": visit.label
        },
        body=text_for(visit, kind, on, people),
        written_by=written_by,
    )  # fmt: skip


def _lines(people, role):
    return "\n".join(str(row) for row in people if row.role == role)


def text_for(visit, kind, on, people):
    """Return the text a letter begins with: the house's words with the facts of the site and its people."""
    with everything("the parts of a visit in hand, within its circle"):
        # What others have to do is not told to the site.
        items = ActionItem.objects.filter(site=visit.site_id, responsible="SITE").open()
        if not visit.unblinded:
            items = items.filter(unblinded=False)
        items = list(items.order_by("due_on", "pk"))
        context = {
            "visit": visit,
            "study": visit.study,
            "site": visit.site,
            "addressee": next(
                (row.person for row in people if row.role == WRITTEN_TO[visit.unblinded]),
                None,
            ),
            "monitors": [str(m.user) for m in visit.monitors.select_related("user").order_by("-part", "pk")],
            "items": items,
            "on": on,
            "late": [item for item in items if item.due_on < on],
            "ahead": [item for item in items if item.due_on >= on],
            "days": days_in_words(visit),
        }
        if kind == LetterKind.FOLLOW_UP:
            context |= _found_at(visit)
    context["salutation"] = _salutation(context["addressee"])
    text = render_to_string(TEXTS[LetterKind(kind)], context)
    # Paragraphs that did not apply leave no holes.
    paragraphs = [part.strip() for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def days_in_words(visit):
    """Return the days a visit took place, as a letter says them; '' before it did."""
    first, last = visit.actual_start_on, visit.actual_end_on
    if first is None:
        return ""
    if first == last:
        return _("on %(day)s") % {"day": said(first)}
    return _("from %(first)s to %(last)s") % {"first": said(first), "last": said(last)}


def said(day):
    """Return a day as letters say it."""
    return day.strftime("%-d %b %Y")


def let_letters_follow(visit, before):
    """
    Let the letters of a visit that are not sent say its days as they were corrected; what else was written stays.

    :param before: the days as they were said
    """
    now = days_in_words(visit)
    if not before or before == now:
        return
    with everything("the letters of a visit in hand that are not sent"):
        for letter in visit.letters.filter(status=LetterStatus.DRAFT, body__contains=before):
            letter.body = letter.body.replace(before, now)
            letter.save()


def _found_at(visit):
    """Return what the report of a visit says the site is told: who was met, what was reviewed and what was found."""
    report = MonitoringReport.objects.filter(visit=visit).select_related("template").first()
    if report is None:
        return {}
    answers = [pair for pair in questions_of(report) if pair[1].value == AnswerValue.NO]
    return {
        "met": lines_in(report.people_met),
        "subjects": lines_in(report.subjects_reviewed),
        "noes": answers,
        "deviations": list(raised_deviations(report).exclude(status__in=NO_DEVIATION)),
    }


def _salutation(person):
    """Return how somebody is addressed: Dr Peris; without a title by the whole name."""
    if person is None or not person.title:
        return str(person or "")
    return f"{person.title} {person.family_name}"


def send_letter(*, actor, letter, method, sent_on, reason="", version=None):
    """Record that a letter was sent, on which day and by which way."""
    with acting_as(actor, reason=reason or _("Letter sent")):
        locked = VisitLetter.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=letter.pk)
        if locked.status == LetterStatus.DRAFT and locked.method != method:
            locked.method = method
            version = write_before(locked, version)
        return perform(locked, "send", actor=actor, reason=reason, happened_on=sent_on, version=version)


def contents_of_letter(letter):
    """Return everything a reader of the letter sees, as plain values: what is previewed, frozen and printed."""
    visit = letter.visit
    return {
        "kind": letter.get_kind_display(),
        "study": visit.study.protocol_number,
        "study_title": visit.study.title or visit.study.short_name,
        "sponsor": visit.study.sponsor.name if visit.study.sponsor else "",
        "site": visit.site.number,
        "organization": visit.site.organization.name,
        "city": visit.site.organization.city,
        "country": str(visit.country.nation),
        "visit": visit.label,
        "dated_on": letter.dated_on.isoformat(),
        "recipients": _kept_lines(letter.recipients),
        "copies_to": _kept_lines(letter.copies_to),
        "subject": letter.subject,
        "body": letter.body.replace("\r\n", "\n").strip(),
        "signed_off": (letter.sent_by or letter.written_by).get_full_name(),
    }


def _kept_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def record_sending(letter, move):
    """Effect of sending: the day, the sender and the very text that went out."""
    if letter.dated_on > move.happened_on:
        raise TransitionRefused(_("The letter is dated after the day it was sent."))
    if letter.kind == LetterKind.FOLLOW_UP and move.happened_on < letter.visit.last_day:
        raise TransitionRefused(_("A follow-up letter is not sent before the visit's last day."))
    letter.sent_on, letter.sent_by = move.happened_on, move.actor
    letter.snapshot = contents_of_letter(letter)


def note_acknowledgement(letter, move):
    """Effect of acknowledging: the day the site said it has read the letter."""
    if move.happened_on < letter.sent_on:
        raise TransitionRefused(_("It cannot have been acknowledged before it was sent."))
    letter.acknowledged_on = move.happened_on
