"""What may happen to monitoring visits, their reports, action items and deviations."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ctms.signatures.models import Meaning
from ctms.workflow.declare import Adopt, Transition, Workflow

from . import services
from .models import (
    ActionItem,
    ActionItemStatus,
    AnswerValue,
    Deviation,
    DeviationStatus,
    LetterStatus,
    MonitoringReport,
    MonitoringVisit,
    ReportStatus,
    ReportTemplate,
    TemplateStatus,
    VisitLetter,
    VisitStatus,
)


def has_a_primary_monitor(visit, actor):
    if not visit.monitors.filter(part="PRIMARY").exists():
        return _("Name the primary monitor first.")
    return None


class VisitFlow(Workflow):
    model, first = MonitoringVisit, VisitStatus.PROPOSED
    tones = {VisitStatus.CONDUCTED: "green", VisitStatus.CANCELLED: "grey"}

    plan = Transition(
        "Plan visit",
        VisitStatus.PROPOSED,
        VisitStatus.PLANNED,
        "monitoring.move_monitoringvisit",
        guards=(has_a_primary_monitor,),
    )
    confirm = Transition(
        "Confirm visit", VisitStatus.PLANNED, VisitStatus.CONFIRMED, "monitoring.move_monitoringvisit"
    )
    conduct = Transition(
        "Record as conducted",
        (VisitStatus.PLANNED, VisitStatus.CONFIRMED),
        VisitStatus.CONDUCTED,
        "monitoring.move_monitoringvisit",
        guards=(has_a_primary_monitor,),
        happened=gettext_lazy("Last day of the visit"),
        effects=(services.set_actual_days, services.open_report),
        explanation=gettext_lazy("The report's clock starts on the last day."),
    )
    correct_days = Transition(
        "Correct the days",
        VisitStatus.CONDUCTED,
        "",
        "monitoring.move_monitoringvisit",
        applies=services.has_a_draft,
        needs_reason=True,
        happened=gettext_lazy("Last day of the visit"),
        effects=(services.keep_corrected_days,),
        explanation=gettext_lazy(
            "The report's clock and the letters not yet sent follow. Once the report is submitted the days stand."
        ),
        done=services.said_of_corrected_days,
        rare=True,
    )
    cancel = Transition(
        "Cancel visit",
        (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED),
        VisitStatus.CANCELLED,
        "monitoring.move_monitoringvisit",
        needs_reason=True,
        explanation=gettext_lazy("The visit keeps its number and stays in the list, struck through."),
        rare=True,
    )
    reinstate = Transition(
        "Reinstate visit",
        VisitStatus.CANCELLED,
        VisitStatus.PLANNED,
        "monitoring.move_monitoringvisit",
        guards=(has_a_primary_monitor,),
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt("Taken over", (VisitStatus.CONDUCTED, VisitStatus.CANCELLED), "studies.import_study")


def author_was_there(report, actor):
    if not report.visit.was_monitored_by(actor):
        return _("Only a monitor of this visit signs its report as author.")
    return None


def every_question_is_answered(report, actor):
    open_questions = [question.text for question, answer in services.questions_of(report) if not answer.value]
    if open_questions:
        sentence = ngettext(
            "%(count)d question is not answered: %(first)s",
            "%(count)d questions are not answered: %(first)s",
            len(open_questions),
        )
        return sentence % {"count": len(open_questions), "first": "; ".join(open_questions[:3])}
    return None


def every_no_is_explained(report, actor):
    bare = [
        question.text
        for question, answer in services.questions_of(report)
        if answer.value == AnswerValue.NO and not answer.comment.strip()
    ]
    if bare:
        return _("Answered No without a comment: %(first)s") % {"first": "; ".join(bare[:3])}
    return None


def summary_is_written(report, actor):
    return None if report.summary.strip() else _("Write the summary.")


def somebody_was_met(report, actor):
    # ICH E6(R3) 3.11.4.6, 21 CFR 312.59: a report names who monitored and who was contacted at the site.
    return None if report.people_met.strip() else _("Say who was met or contacted at the site.")


def none_of_its_monitors(report, actor):
    # 21 CFR 11.200(a)(3), practice.md correction 7: co-monitors do not approve each other either.
    if report.visit.was_monitored_by(actor):
        return _("You monitored this visit; someone else must approve its report.")
    return None


class ReportFlow(Workflow):
    model, first, frozen = MonitoringReport, ReportStatus.DRAFT, (ReportStatus.APPROVED,)
    still_open = ("filed_as", "published")
    tones = {ReportStatus.DRAFT: "blue", ReportStatus.IN_REVIEW: "amber", ReportStatus.APPROVED: "green"}

    submit = Transition(
        "Sign and submit",
        ReportStatus.DRAFT,
        ReportStatus.IN_REVIEW,
        "monitoring.submit_report",
        guards=(
            author_was_there,
            somebody_was_met,
            every_question_is_answered,
            every_no_is_explained,
            summary_is_written,
        ),
        cautions=(services.author_leaves_comments,),
        signature=Meaning.AUTHORED,
        effects=(services.freeze_content,),
        jobs=("monitoring.tell_approvers",),
        explanation=gettext_lazy("You sign as author what stands below; it is frozen for the approver."),
        reason_label=gettext_lazy("Your words to the reviewer"),
        done=services.said_of_submitting,
    )
    returned = Transition(
        "Return with comments",
        ReportStatus.IN_REVIEW,
        ReportStatus.DRAFT,
        "monitoring.approve_report",
        guards=(none_of_its_monitors,),
        needs_reason=True,
        proposed=services.propose_words_of_return,
        effects=(services.send_comments, services.thaw_content),
        jobs=("monitoring.tell_monitors",),
        explanation=gettext_lazy(
            "What you wrote at the questions goes to the author together with these words."
        ),
        reason_label=gettext_lazy("What the author is to mend"),
        done=services.said_of_returning,
    )
    approve = Transition(
        "Sign and approve",
        ReportStatus.IN_REVIEW,
        ReportStatus.APPROVED,
        "monitoring.approve_report",
        guards=(none_of_its_monitors,),
        cautions=(services.reviewer_leaves_comments,),
        signature=Meaning.APPROVED,
        effects=(services.note_approval,),
        jobs=("monitoring.file_report",),
        explanation=gettext_lazy(
            "You sign what stands below. It never changes afterwards and is filed as PDF."
        ),
        done=services.said_of_approving,
    )
    adopt = Adopt("Taken over", (ReportStatus.APPROVED,), "studies.import_study")


def somebody_is_written_to(letter, actor):
    return None if letter.recipients.strip() else _("Say first to whom the letter goes.")


def visit_is_there(letter, actor):
    refused = letter.visit.status in (VisitStatus.CANCELLED, VisitStatus.PROPOSED)
    return (
        _("The visit is %(state)s.") % {"state": letter.visit.get_status_display().lower()}
        if refused
        else None
    )


class LetterFlow(Workflow):
    """Sent by the monitor's own mail or post: the product records it, freezes it and files it."""

    model, first = VisitLetter, LetterStatus.DRAFT
    frozen = (LetterStatus.SENT, LetterStatus.ACKNOWLEDGED, LetterStatus.VOIDED)
    still_open = ("filed_as", "acknowledged_on")
    tones = {
        LetterStatus.DRAFT: "blue",
        LetterStatus.SENT: "green",
        LetterStatus.ACKNOWLEDGED: "green",
        LetterStatus.VOIDED: "red",
    }

    send = Transition(
        "Record as sent",
        LetterStatus.DRAFT,
        LetterStatus.SENT,
        "monitoring.write_letter",
        guards=(somebody_is_written_to, visit_is_there),
        happened=gettext_lazy("Sent on"),
        effects=(services.record_sending,),
        jobs=("monitoring.file_letter",),
        explanation=gettext_lazy(
            "You sent it by your own mail or post; here it is kept. Its text never changes afterwards and is filed "
            "as PDF."
        ),
    )
    acknowledge = Transition(
        "Record acknowledgement",
        LetterStatus.SENT,
        LetterStatus.ACKNOWLEDGED,
        "monitoring.write_letter",
        happened=gettext_lazy("Acknowledged by the investigator on"),
        effects=(services.note_acknowledgement,),
    )
    void = Transition(
        "Void letter",
        (LetterStatus.DRAFT, LetterStatus.SENT, LetterStatus.ACKNOWLEDGED),
        LetterStatus.VOIDED,
        "monitoring.write_letter",
        needs_reason=True,
        explanation=gettext_lazy(
            "It stays in the list, struck through, and another may be written. A filed document is voided in the file."
        ),
        rare=True,
    )
    adopt = Adopt("Taken over", (LetterStatus.SENT, LetterStatus.ACKNOWLEDGED), "studies.import_study")


def has_a_resolution(item, actor):
    return None if item.resolution.strip() else _("Write the resolution first.")


class ActionItemFlow(Workflow):
    model, first = ActionItem, ActionItemStatus.OPEN
    frozen = (ActionItemStatus.CANCELLED,)
    tones = {
        ActionItemStatus.OPEN: "blue",
        ActionItemStatus.RESOLVED: "amber",
        ActionItemStatus.CLOSED: "green",
        ActionItemStatus.CANCELLED: "grey",
    }

    resolve = Transition(
        "Resolved by the site",
        (ActionItemStatus.OPEN, ActionItemStatus.IN_PROGRESS),
        ActionItemStatus.RESOLVED,
        "monitoring.progress_actionitem",
        needs_reason=True,
        effects=(services.keep_resolution,),
        explanation=gettext_lazy("Say how; the words become the item's resolution."),
        reason_label=gettext_lazy("Resolution"),
    )
    close = Transition(
        "Close item",
        (ActionItemStatus.OPEN, ActionItemStatus.IN_PROGRESS, ActionItemStatus.RESOLVED),
        ActionItemStatus.CLOSED,
        "monitoring.close_actionitem",
        needs_reason=True,
        happened=gettext_lazy("Closed on"),
        effects=(services.keep_resolution, services.keep_closing_day),
        reason_label=gettext_lazy("Resolution"),
    )
    start = Transition(
        "Begin", ActionItemStatus.OPEN, ActionItemStatus.IN_PROGRESS, "monitoring.progress_actionitem"
    )
    reopen = Transition(
        "Reopen item",
        (ActionItemStatus.RESOLVED, ActionItemStatus.CLOSED),
        ActionItemStatus.OPEN,
        "monitoring.close_actionitem",
        needs_reason=True,
        effects=(services.clear_closing_day,),
        rare=True,
    )
    cancel = Transition(
        "Cancel item",
        (ActionItemStatus.OPEN, ActionItemStatus.IN_PROGRESS),
        ActionItemStatus.CANCELLED,
        "monitoring.close_actionitem",
        needs_reason=True,
        rare=True,
    )


def importance_is_decided(deviation, actor):
    return None if deviation.importance else _("Say first whether the deviation is important.")


def raised_in_ones_own_draft(deviation, actor):
    report = deviation.raised_in
    if report.status != ReportStatus.DRAFT:
        return _("The report it was raised in is signed; whoever classifies it decides.")
    if not report.visit.was_monitored_by(actor):
        return _("Only the monitors of the visit withdraw what they raised in its report.")
    return None


class DeviationFlow(Workflow):
    model, first = Deviation, DeviationStatus.NEW
    frozen = (DeviationStatus.CLOSED, DeviationStatus.WITHDRAWN)
    tones = {
        DeviationStatus.UNDER_REVIEW: "amber",
        DeviationStatus.CONFIRMED: "blue",
        DeviationStatus.CLOSED: "green",
        DeviationStatus.NOT_A_DEVIATION: "grey",
        DeviationStatus.WITHDRAWN: "grey",
    }

    review = Transition(
        "Begin review", DeviationStatus.NEW, DeviationStatus.UNDER_REVIEW, "monitoring.classify_deviation"
    )
    confirm = Transition(
        "Confirm deviation",
        DeviationStatus.UNDER_REVIEW,
        DeviationStatus.CONFIRMED,
        "monitoring.classify_deviation",
        guards=(importance_is_decided,),
    )
    reject = Transition(
        "Not a deviation",
        DeviationStatus.UNDER_REVIEW,
        DeviationStatus.NOT_A_DEVIATION,
        "monitoring.classify_deviation",
        needs_reason=True,
        rare=True,
    )
    close = Transition(
        "Close deviation",
        DeviationStatus.CONFIRMED,
        DeviationStatus.CLOSED,
        "monitoring.classify_deviation",
        needs_reason=True,
    )

    withdraw = Transition(
        "Withdraw deviation",
        DeviationStatus.NEW,
        DeviationStatus.WITHDRAWN,
        "monitoring.add_deviation",
        guards=(raised_in_ones_own_draft,),
        applies=lambda deviation: deviation.raised_in_id is not None,
        needs_reason=True,
        explanation=gettext_lazy("Raised by mistake: it keeps its number and leaves the report."),
        rare=True,
    )


class TemplateFlow(Workflow):
    model, first = ReportTemplate, TemplateStatus.DRAFT
    frozen = (TemplateStatus.APPROVED, TemplateStatus.SUPERSEDED)
    tones = {TemplateStatus.APPROVED: "green", TemplateStatus.SUPERSEDED: "grey"}

    approve = Transition(
        "Approve template",
        TemplateStatus.DRAFT,
        TemplateStatus.APPROVED,
        "monitoring.manage_templates",
        effects=(services.supersede_former_template,),
    )
    supersede = Transition(
        "Supersede template",
        TemplateStatus.APPROVED,
        TemplateStatus.SUPERSEDED,
        "monitoring.manage_templates",
        needs_reason=True,
        rare=True,
    )
