"""The work that waits today: visits ahead and behind, reports at every step, letters to send."""

import datetime

from django.utils import timezone

from ctms.pages.saving import change_record
from ctms.workflow.engine import perform
from monitoring import services
from monitoring.models import MonitoringReport
from studies.models import Milestone
from studies.pages import MilestoneRecord

from . import words, writing
from .agenda import AHEAD, CANCELLED, RECENT
from .calendar import spell
from .milestones import desk_day
from .stage import FROM_LETTERS, working_day
from .studies import PLANS

# How many of a draft's questions are answered, by the site: one has hardly begun.
ANSWERED_SO_FAR = {"2002": 9, "1003": 4, "7002": 12, "5201": 14}
RAISED = {
    # site of the visit -> what its report raised
    "2003": ("Have the consent form of one subject signed again", "Answer the queries older than ten days"),
    "1002": ("Name a successor of the investigator and send the curriculum vitae",),
    "3301": ("Send the reading of the second imaging visit",),
    "5003": ("Return the remaining product to the depot",),
    "7002": ("File the renewed laboratory certificate",),
}
# What the project manager planned anew this week: study, milestone, days from today, why.
SLIPPED = (
    (
        "vel",
        "Last subject in",
        91,
        "Two sites without a subject; the rate of the last three months carried on",
    ),
    ("vel", "Interim data review", 16, "The data of two sites come a week later"),
)
# What the lead asked at questions of the report that came back once, and what its author answered.
ASKED = (
    (
        "sdv_done",
        "Say which records were not available.",
        "Those of two subjects, which were with the ward; said here and in the summary now.",
    ),
    (
        "product_accountability",
        "The open item on product return is not mentioned.",
        "Added to the summary: the return is agreed and has its item.",
    ),
)
NOT_ALL_VERIFIED = "Not all of the subjects planned could be verified."
VERIFIED_NEXT_TIME = "The records of two subjects were with the ward; they are verified at the next visit."
RETURNED_ONCE = "See the comments at 2 questions."
MENDED = "Both comments of the review are answered, and the summary is completed."


def play(stage):
    """Let the monitors plan, go, write and sign as far as the agenda says."""
    dice = stage.dice("waiting")
    for recent in RECENT:
        _recent(stage, recent, dice)
    for ahead in AHEAD:
        _ahead(stage, ahead)
    for number, visit_type, days, who, why in CANCELLED:
        visit = _plan(stage, number, visit_type, days, who)
        perform(visit, "cancel", actor=stage.people[who], reason=why)
    for key, name, days, why in SLIPPED:
        milestone = Milestone.objects.get(study=stage.places[key], name=name)
        change_record(
            MilestoneRecord,
            milestone,
            {"planned_on": desk_day(stage, days)},
            actor=stage.people["pm"],
            reason=why,
        )


def _plan(stage, number, visit_type, days, who, *, length=1, method="ON_SITE", unblinded=False):
    site, person = stage.places[number], stage.people[who]
    code = site.country.nation_id
    first, last = spell(working_day(stage.ago(-days), code, ahead=days > 0), length, code)
    return services.plan_visit(
        actor=person,
        on=stage.on,
        site=site,
        visit_type=visit_type,
        method=method,
        planned_start_on=first,
        planned_end_on=last,
        primary_monitor=person,
        unblinded=unblinded,
        already_past=True,
    )


def _monitor(number, *, unblinded=False):
    if unblinded:
        return "ucra"
    return next(site.monitor for plan in PLANS for site in plan.sites if site.number == number)


# --- ahead -----------------------------------------------------------------------------------------------


def _ahead(stage, one):
    who = _monitor(one.site)
    visit = _plan(stage, one.site, one.visit_type, one.in_days, who, length=one.length, method=one.method)
    if one.confirmed:
        visit = perform(visit, "confirm", actor=stage.people[who])
    if not one.letter:
        return
    if one.letter == "DRAFT":
        services.write_letter(actor=stage.people[who], on=stage.on, visit=visit, kind="CONFIRMATION")
        return
    sent = working_day(stage.ago(max(1, 13 - one.in_days // 3)), visit.site.calendar_country, ahead=False)
    _sent(stage, visit, who, "CONFIRMATION", sent)


def _sent(stage, visit, who, kind, sent):
    """Let a letter have been sent by its monitor on a day of the past."""
    services.take_over_letter(
        actor=stage.system,
        visit=visit,
        kind=kind,
        written_by=stage.people[who],
        dated_on=sent,
        sent_on=sent,
        reason=FROM_LETTERS,
    )


# --- behind ----------------------------------------------------------------------------------------------


def _recent(stage, one, dice):
    who = _monitor(one.site, unblinded=one.unblinded)
    visit = _plan(
        stage, one.site, one.visit_type, -one.days_ago, who, length=one.length, unblinded=one.unblinded
    )
    visit = perform(visit, "confirm", actor=stage.people[who])
    services.conduct_visit(
        actor=stage.people[who],
        visit=visit,
        started_on=visit.planned_start_on,
        ended_on=visit.planned_end_on,
        people_met="\n".join(services.who_may_be_met(visit)[:2]) or words.MET,
    )
    report = MonitoringReport.objects.select_related("visit__site__country", "site").get(visit=visit)
    if one.report != "UNWRITTEN":
        _write(stage, one, report, who, dice)
    if one.follow_up:
        _follow_up(stage, report.visit, who)
    _go_on(stage, one, report, who)


def _write(stage, one, report, who, dice):
    answers = writing.answers_of(one.visit_type, one.unblinded, dice)
    if one.report == "SECOND_VERSION":
        answers["sdv_done"] = ("NOT_REVIEWED", NOT_ALL_VERIFIED)
    until = ANSWERED_SO_FAR.get(one.site, 99) if one.report == "DRAFT" else 99
    for question, _answer in services.questions_of(report)[:until]:
        value, comment = answers.get(question.key, ("YES", ""))
        services.save_answer(
            actor=stage.people[who], report=report, question_key=question.key, value=value, comment=comment
        )
    if one.report != "DRAFT":
        subjects = writing.consented_by(report.site, report.visit.first_day)
        summary, reviewed = writing.summary_of(one.visit_type, one.unblinded, dice, subjects)
        services.name_people_met(
            actor=stage.people[who],
            report=report,
            people_met=report.people_met,
            subjects_reviewed="\n".join(reviewed),
        )
        services.save_summary(actor=stage.people[who], report=report, summary=summary)
    for text in () if one.unblinded else RAISED.get(one.site, ()):
        services.raise_action_item(
            actor=stage.people[who],
            site=report.site,
            report=report,
            text=text,
            opened_on=report.visit.last_day,
            due_on=report.visit.last_day + datetime.timedelta(days=30),
        )


def _go_on(stage, one, report, who):
    """Sign, return, sign again, as far as the agenda says."""
    if one.report in ("UNWRITTEN", "DRAFT"):
        return
    lead = stage.people["lead"]
    report = stage.sign(_fresh(report), "submit", who)
    if one.report == "RETURNED":
        perform(report, "returned", actor=lead, reason=words.RETURNED)
    elif one.report == "SECOND_VERSION":
        report = _return_with_comments(_fresh(report), lead, stage.people[who])
        services.save_summary(
            actor=stage.people[who], report=report, summary=f"{report.summary} {words.COMPLETED}"
        )
        stage.sign(_fresh(report), "submit", who, reason=MENDED)


def _return_with_comments(report, lead, author):
    """Return a report with what the reviewer asked at its questions, and let the author answer where it stands."""
    comments = [
        services.write_comment(actor=lead, report=report, question_key=key, text=asked)
        for key, asked, _answered in ASKED
    ]
    report = perform(_fresh(report), "returned", actor=lead, reason=RETURNED_ONCE)
    services.save_answer(
        actor=author,
        report=_fresh(report),
        question_key="sdv_done",
        value="NOT_REVIEWED",
        comment=VERIFIED_NEXT_TIME,
    )
    for comment, (_key, _asked, answered) in zip(comments, ASKED, strict=True):
        services.reply_to_comment(
            actor=author, at=timezone.now(), comment=comment, reply=answered, addressed=True
        )
    return report


def _fresh(report):
    return MonitoringReport.objects.select_related("visit").get(pk=report.pk)


def _follow_up(stage, visit, who):
    """Send the follow-up letter some days after the visit, before its report is approved."""
    code = visit.site.calendar_country
    sent = working_day(min(visit.last_day + datetime.timedelta(days=5), stage.ago(1)), code, ahead=False)
    _sent(stage, visit, who, "FOLLOW_UP", max(sent, visit.last_day))
