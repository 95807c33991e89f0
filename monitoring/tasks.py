"""What follows a report outside the request: it is printed, filed, and those concerned are told."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import people_who_may
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.jobs.queue import job
from ctms.notices.kinds import notice_kind
from ctms.notices.telling import tell
from ctms.signatures.signing import label_of
from documents.models import Document
from documents.services import bring_expectations, file_document
from sites.models import ContactStatus, SiteContact

from .calculations import ARTIFACT_OF, RELEVANT_COMMUNICATION
from .models import LetterStatus, MonitoringReport, MonitoringVisit, ReportStatus, VisitLetter, VisitStatus
from .reports import print_contact, print_letter, print_report
from .services.expectations import key_of, letter_key_of


def _report(record_id):
    return (
        MonitoringReport.objects.select_for_update(of=("self",))
        .select_related("visit", "study", "site", "country", "template")
        .get(pk=record_id)
    )


def _file(record, content, *, name, artifact_number, title, document_date, filed_on, reason, about=""):
    """Put a printed record away and file it where it lies, as the system; returns the Document and its digest."""
    system = User.objects.system()
    named = f"{record.study.protocol_number}_{record.site.number}_{name}.pdf".replace(" ", "_")
    stored = store_bytes(actor=system, name=named, content=content, content_type="application/pdf")
    document = file_document(
        actor=system,
        study=record.study,
        country=record.country,
        site=record.site,
        artifact_number=artifact_number,
        title=_("%(what)s, site %(site)s") % {"what": title, "site": record.site.number},
        document_date=document_date,
        stored=stored,
        filed_on=filed_on,
        source=label_of(record),
        unblinded=record.unblinded,
        reason=reason,
        about=about,
    )
    return document, stored.sha256


@job("monitoring.file_report", everything="the report was approved; its filing is the system's")
def file_report(promised, record_id):
    """Print an approved report from its snapshot and file it, once however often this runs."""
    report = _report(record_id)
    if report.filed_as_id is not None:
        return None
    visit, reason = report.visit, _("Filed after approval")
    with acting_as(User.objects.system(), reason=reason):
        report.filed_as, sha256 = _file(
            report,
            print_report(report),
            name=visit.label,
            artifact_number=ARTIFACT_OF[visit.visit_type],
            title=_("%(label)s report") % {"label": visit.label},
            # The TMF Reference Model dates a visit report by the visit's first day.
            document_date=visit.actual_start_on,
            filed_on=report.approved_on,
            reason=reason,
            about=key_of(visit),
        )
        report.save()
        if report.published:
            # It was shown to the sponsor between approval and filing.
            report.filed_as.published = True
            report.filed_as.save()
    return {"document": report.filed_as_id, "sha256": sha256}


@job("monitoring.file_letter", everything="the letter was sent; its filing is the system's")
def file_letter(promised, record_id):
    """Print a letter from its snapshot and file it with its visit's own artifact, once however often this runs."""
    letter = (
        VisitLetter.objects.select_for_update(of=("self",))
        .select_related("visit", "study", "site", "country")
        .get(pk=record_id)
    )
    if letter.filed_as_id is not None or letter.snapshot is None or letter.status == LetterStatus.VOIDED:
        return None
    visit, reason = letter.visit, _("Filed after sending")
    label = f"{letter.get_kind_display()} {visit.label}"
    with acting_as(User.objects.system(), reason=reason):
        letter.filed_as, sha256 = _file(
            letter,
            print_letter(letter),
            name=label,
            # Both letters belong to the visit's own artifact (practice.md, correction 8).
            artifact_number=ARTIFACT_OF[visit.visit_type],
            title=label,
            document_date=letter.dated_on,
            filed_on=letter.sent_on,
            reason=reason,
            about=letter_key_of(letter),
        )
        letter.save()
    return {"document": letter.filed_as_id, "sha256": sha256}


@job("sites.file_contact", everything="a contact was said to be worth filing; its filing is the system's")
def file_contact(promised, record_id):
    """Print a contact with a site and file it as relevant communication, once however often this runs."""
    contact = (
        SiteContact.objects.select_for_update(of=("self",))
        .select_related("study__sponsor", "country__nation", "site__organization", "recorded_by")
        .get(pk=record_id)
    )
    filed_before = Document.objects.filter(source=label_of(contact)).exists()
    if contact.status != ContactStatus.FILED or filed_before:
        return None  # voided before the worker came to it, or filed by an earlier run
    reason = _("Filed as relevant communication")
    with acting_as(User.objects.system(), reason=reason):
        document, _sha256 = _file(
            contact,
            print_contact(contact),
            name=f"contact_{contact.happened_on}",
            artifact_number=RELEVANT_COMMUNICATION,
            title=str(contact),
            document_date=contact.happened_on,
            filed_on=timezone.localdate(),
            reason=reason,
        )
    return {"document": document.pk}


@job("monitoring.expect_papers", everything="what a visit makes due follows from the visit")
def expect_papers(promised, record_id):
    """Let the report of a conducted visit be expected from the day on that the visit was conducted."""
    visit = MonitoringVisit.objects.select_related("study").get(pk=record_id)
    if visit.status != VisitStatus.CONDUCTED:
        return None
    return {"brought": bring_expectations(visit.study, on=timezone.localdate(), sources={key_of(visit)})}


notice_kind(
    "report-submitted",
    gettext_lazy("A visit report waits for your approval"),
    duty=True,
    permission="monitoring.approve_report",
)
notice_kind(
    "report-returned",
    gettext_lazy("A visit report was returned to you with comments"),
    duty=True,
    permission="monitoring.write_report",
)


@job("monitoring.tell_approvers", everything="the report's approvers are looked for by their assignments")
def tell_approvers(promised, record_id):
    """Tell those who may approve a report, and did not monitor the visit, that it waits for them."""
    report = _report(record_id)
    if report.status != ReportStatus.IN_REVIEW:
        return  # somebody was quicker than this job
    monitors = set(report.visit.monitors.values_list("user_id", flat=True))
    for person in people_who_may(
        "monitoring.approve_report", report, report.submitted_on or report.visit.last_day
    ):
        if person.pk not in monitors:
            tell(
                person,
                about=report,
                kind="report-submitted",
                text=_("%(report)s waits for your approval.") % {"report": report},
                key=str(report.version),
                asked_by=promised.asked_by,
            )


@job("monitoring.tell_monitors", everything="the report's monitors are looked for")
def tell_monitors(promised, record_id):
    """Tell the visit's monitors that their report came back."""
    report = _report(record_id)
    if report.status != ReportStatus.DRAFT:
        return
    for monitor in report.visit.monitors.select_related("user"):
        tell(
            monitor.user,
            about=report,
            kind="report-returned",
            text=_("%(report)s was returned to you with comments.") % {"report": report},
            key=str(report.version),
            asked_by=promised.asked_by,
        )
