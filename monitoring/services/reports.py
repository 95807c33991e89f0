"""Write a report, freeze what is signed, show it to the sponsor."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from ctms.access.explain import people_who_may, permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from monitoring.models import (
    ActionItem,
    Answer,
    AnswerValue,
    Deviation,
    DeviationStatus,
    MonitoringReport,
    ReportStatus,
    ReportTemplate,
    TemplateQuestion,
    TemplateStatus,
)
from sites.services import principal_investigator

from .presence import lines_in
from .terms import terms_of
from .writing import writing

# Every type without questions of its own is reported like an interim visit.
FALLBACK_TYPE = "IMV"


def open_report(visit, move):
    """Effect of conducting a visit: its report exists from now on, with a line for every question."""
    template = template_for(visit.visit_type)
    report = MonitoringReport.objects.create(visit=visit, template=template)
    Answer.objects.bulk_create(
        Answer(report=report, question_key=question.key) for question in questions_in(template)
    )


def template_for(visit_type):
    """Return the approved template a visit of this type is reported by."""
    approved = ReportTemplate.objects.filter(status=TemplateStatus.APPROVED)
    return approved.filter(visit_type=visit_type).first() or approved.get(visit_type=FALLBACK_TYPE)


def questions_in(template):
    """Return the questions of a template in their order."""
    return TemplateQuestion.objects.filter(template=template).order_by("sequence", "pk")


def questions_of(report):
    """Return [(question, answer)] of a report the caller may see, in the order of its template."""
    with everything("the parts of a report in hand"):
        answers = {answer.question_key: answer for answer in Answer.objects.filter(report=report)}
    return [(question, answers[question.key]) for question in questions_in(report.template)]


def save_answer(*, actor, report, question_key, value, comment):
    """
    Keep one answer as it is typed; only a monitor of the visit writes.

    :raises TransitionRefused: the report is no longer a draft
    """
    if value and value not in AnswerValue.values:
        raise ValidationError({"value": _("Answer Yes, No, Not applicable or Not reviewed.")})
    with writing(actor, report) as locked:
        answer = Answer.objects.visible_to(actor).filter(report=locked, question_key=question_key).first()
        if answer is None:
            raise ValidationError({"question_key": _("The report has no such question.")})
        if (answer.value, answer.comment) != (value, comment):
            answer.value, answer.comment = value, comment
            answer.full_clean()
            answer.save()
    return answer


def save_summary(*, actor, report, summary):
    """Keep the summary as it is typed."""
    with writing(actor, report) as locked:
        if locked.summary != summary:
            locked.summary = summary
            locked.save()
    return locked


def freeze_content(report, move):
    """Effect of submitting: what the author signs, the approver will see and sign."""
    report.snapshot = contents_of(report)
    report.submitted_on = move.at.astimezone(report.time_zone()).date()


def thaw_content(report, move):
    """Effect of returning: the content is written in again, and signed again."""
    report.snapshot = None
    report.submitted_on = None


def note_approval(report, move):
    report.approved_on = move.at.astimezone(report.time_zone()).date()


def waiting_for(user):
    """Return the reports that wait for this person's signature, the longest waiting first: none of their own visits."""
    rows = MonitoringReport.objects.visible_to(user, "monitoring.approve_report")
    rows = rows.filter(status=ReportStatus.IN_REVIEW).exclude(visit__monitors__user=user)
    return rows.order_by("visit__actual_end_on", "pk")


def said_of_submitting(report, actor):
    """Return what is said after submitting: who is next, and by when."""
    due = terms_of(report.visit)[-1].due_on.strftime("%-d %b %Y")
    monitors = set(report.visit.monitors.values_list("user_id", flat=True))
    able = people_who_may("monitoring.approve_report", report, report.submitted_on)
    names = [str(person) for person in able if person.pk not in monitors]
    if not names:
        return _("Submitted, approval due %(day)s. Nobody is assigned who may approve it.") % {"day": due}
    return _("Submitted to %(names)s, due %(day)s.") % {"names": _(" or ").join(names), "day": due}


def said_of_returning(report, actor):
    """Return what is said after returning: whose turn it is."""
    monitors = report.visit.monitors.select_related("user").order_by("-part", "pk")
    names = _(" and ").join(str(monitor.user) for monitor in monitors)
    return _("Returned to %(names)s with your comments.") % {"names": names}


def said_of_approving(report, actor):
    """Return what is said after approving: what the product does next."""
    return _("Approved and signed. The PDF is being made and filed.")


def carried_items(report):
    """Return the action items of earlier visits that were open when this one began, oldest first."""
    visit = report.visit
    with everything("the site's open items, within the report's circle"):
        items = ActionItem.objects.filter(site=visit.site_id, opened_on__lte=visit.last_day)
        items = items.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=visit.first_day))
        items = items.exclude(raised_in=report.pk).exclude(status="CANCELLED")
        if not report.unblinded:
            items = items.filter(unblinded=False)
        return list(items.order_by("opened_on", "number"))


def raised_deviations(report):
    """Return the deviations a report tells of: those raised in it and not withdrawn."""
    return (
        Deviation.objects.filter(raised_in=report)
        .exclude(status=DeviationStatus.WITHDRAWN)
        .order_by("number")
    )


def raised_at_questions(user, report):
    """Return {question key: the items and deviations raised at it} of a report, as far as the person sees them."""
    found: dict[str, list] = {}
    items = ActionItem.objects.visible_to(user).filter(raised_in=report).order_by("number")
    deviations = raised_deviations(report).visible_to(user)
    for one in (*items.exclude(question_key=""), *deviations.exclude(question_key="")):
        found.setdefault(one.question_key, []).append(one)
    return found


def contents_of(report):
    """Return everything a reader of the report sees, as plain values: what is previewed, signed and printed."""
    visit = report.visit
    with everything("the parts of a report in hand"):
        monitors = list(visit.monitors.select_related("user").order_by("-part", "pk"))
        raised = list(ActionItem.objects.filter(raised_in=report).order_by("number"))
        deviations = list(raised_deviations(report))
    investigator = principal_investigator(visit.site, visit.first_day)
    return {
        "study": visit.study.protocol_number,
        "study_title": visit.study.title or visit.study.short_name,
        "sponsor": visit.study.sponsor.name if visit.study.sponsor else "",
        "site": visit.site.number,
        "organization": visit.site.organization.name,
        "country": str(visit.country.nation),
        "investigator": str(investigator) if investigator else "",
        "visit": visit.label,
        "visit_type": visit.get_visit_type_display(),
        "method": visit.get_method_display(),
        "first_day": visit.actual_start_on.isoformat(),
        "last_day": visit.actual_end_on.isoformat(),
        "purpose": visit.purpose,
        "monitors": [{"name": str(m.user), "part": m.get_part_display()} for m in monitors],
        "people_met": lines_in(report.people_met),
        "subjects_reviewed": lines_in(report.subjects_reviewed),
        "template": report.template.title,
        "template_version": report.template.number,
        "sections": _sections(report),
        "carried_items": [_item(item, visit.last_day) for item in carried_items(report)],
        "action_items": [_item(item, visit.last_day) for item in raised],
        "deviations": [_deviation(deviation) for deviation in deviations],
        "summary": report.summary,
    }


def _sections(report):
    sections: list[dict] = []
    for question, answer in questions_of(report):
        if not sections or sections[-1]["title"] != question.section:
            sections.append({"title": question.section, "questions": []})
        sections[-1]["questions"].append(
            {
                "key": question.key,
                "text": question.text,
                "value": answer.value,
                "answer": answer.get_value_display(),
                "comment": answer.comment,
            }
        )
    return sections


def _item(item, on):
    return {
        "number": item.label,
        "text": item.text,
        "responsible": item.get_responsible_display(),
        "opened_on": item.opened_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "state": item.get_status_display(),
        "resolution": item.resolution,
        "age_days": max(item.age_days(on), 0),
    }


def _deviation(deviation):
    return {
        "number": deviation.label,
        "subject": deviation.subject_number,
        "category": deviation.get_category_display(),
        "description": deviation.description,
        "occurred_on": deviation.occurred_on.isoformat(),
        "importance": deviation.get_importance_display(),
    }


def show_to_sponsor(*, actor, report, shown, reason):
    """
    Publish an approved report in the sponsor's portal, with its document, or withdraw it.

    :raises ValidationError: it is not approved, or it is unblinded
    """
    permit(actor, "monitoring.publish_report", report)
    if shown and (report.status != ReportStatus.APPROVED or report.unblinded):
        raise ValidationError(_("Only approved, blind-safe reports are shown to the sponsor."))
    with acting_as(actor, reason=reason), everything("the report in hand and its document"):
        locked = MonitoringReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        locked.published = shown
        locked.save()
        if locked.filed_as is not None:
            locked.filed_as.published = shown
            locked.filed_as.save()
    return locked
