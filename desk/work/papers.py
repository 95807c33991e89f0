"""What waits of the trial master file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from ctms.pages.turning import first_of, page_of
from documents.calculations import words_of_expiry
from documents.models import QualityIssue, is_expired
from documents.services import expiring_of, inbox_of, late_expected_of, returned_to, review_queue_of

from .items import Section, WorkItem, days_ago

SHOWN = 8
LATE_SHOWN = 5
EXPIRING_SHOWN = 6


def papers_to_review(user, on):
    """Documents that wait for this person's review or signature."""
    if not (user.has_perm("documents.review_document") or user.has_perm("documents.approve_document")):
        return None
    waiting = review_queue_of(user)
    items = [_paper(document, document.get_status_display()) for document in page_of(waiting, 0, SHOWN)]
    return Section(
        _("Documents to review"),
        items,
        _("No document waits for your review."),
        total=waiting.count(),
        url=f"{reverse('review-queue-list')}?waits_for=you",
    )


def inbox(user, on):
    """What this person uploaded and has not handed on yet, the oldest first."""
    if not user.has_perm("documents.submit_document"):
        return None
    rows = inbox_of(user)
    items = [_paper(document, _("to be classified and submitted")) for document in rows[:SHOWN]]
    return Section(_("Your inbox"), items, total=rows.count()) if items else None


def quality_issues_open(user, on):
    """What review found wrong with documents and nobody has settled, for whoever watches and settles none."""
    watches = user.has_perm("audit.view_access") and user.has_perm("monitoring.classify_deviation")
    if not watches or user.has_perm("documents.approve_document"):
        return None
    rows = QualityIssue.objects.visible_to(user).filter(settled_on__isnull=True)
    shown, total = first_of(
        rows.select_related("document", "study", "country__nation", "site__organization").order_by(
            "raised_on", "pk"
        ),
        SHOWN,
    )
    items = [
        WorkItem(
            title=str(issue),
            url=url_of(issue),
            detail=_where(issue),
            term=_("raised %(when)s") % {"when": days_ago((on - issue.raised_on).days)},
        )
        for issue in shown
    ]
    return Section(
        _("Quality issues not settled"),
        items,
        _("Every quality issue is settled."),
        total=total,
        url=f"{reverse('quality-issues-list')}?standing=open",
    )


def papers_returned(user, on):
    """What this person brought and review gave back."""
    if not user.has_perm("documents.submit_document"):
        return None
    items = [
        _paper(document, document.get_status_display(), pace="late") for document in returned_to(user)[:SHOWN]
    ]
    return Section(_("Documents returned to you"), items) if items else None


def papers_late(user, on):
    """Expected documents whose day has passed, the longest first, for whoever keeps the file or opens sites."""
    if not user.has_perm("documents.change_expecteddocument"):
        return None
    late = late_expected_of(user, on)
    items = [
        WorkItem(
            title=expected.name,
            url=url_of(expected),
            detail=_where(expected),
            term=_("due %(day)s") % {"day": expected.due_on.strftime("%-d %b %Y")},
            pace="late",
        )
        for expected in page_of(late, 0, LATE_SHOWN)
    ]
    return Section(
        _("Documents that are late"),
        items,
        _("No expected document is late."),
        total=late.count(),
        url=f"{reverse('expected-documents-list')}?standing=late",
    )


def papers_about_to_expire(user, on):
    """Papers that have expired or are about to, the first to end first, for whoever asks the sites for the next."""
    if not user.has_perm("documents.renew_document"):
        return None
    shown, total = first_of(expiring_of(user, on), EXPIRING_SHOWN)
    items = [
        _paper(
            document,
            words_of_expiry(document.expires_on, on),
            "late" if is_expired(document.expires_on, on) else "due-soon",
        )
        for document in shown
    ]
    return Section(
        _("Papers about to expire"),
        items,
        _("No paper expires within 60 days."),
        total=total,
        url=f"{reverse('documents-list')}?validity=to-renew",
    )


def _paper(document, term, pace="on-time"):
    return WorkItem(title=document.title, url=url_of(document), detail=_where(document), term=term, pace=pace)


def _where(record):
    place = record.site or record.country
    return f"{record.study.protocol_number} · {place}" if place else record.study.protocol_number
