"""How complete the file is, counted in the database by the one definition of `calculations.completeness`."""

from django.db.models import Count, Q

from documents.calculations import SETTLED, Completeness
from documents.models import Document, DocumentStatus, ExpectedDocument, Level


def completeness_of(user, place, on):
    """Return ({zone: Completeness}, the whole) of a place with all below it, as the person sees it."""
    rows = ExpectedDocument.objects.visible_to(user).filter(**place.place().lookup()).due(on)
    counted = (
        rows.order_by()
        .values_list("artifact__zone_number")
        .annotate(due=Count("pk"), settled=Count("pk", filter=Q(status__in=SETTLED)))
    )
    by_zone = {zone: Completeness(settled, due, due - settled) for zone, due, settled in counted}
    return by_zone, sum(by_zone.values(), Completeness())


def completeness_in(user, studies, on):
    """Return {study id: Completeness} of several studies at once, as the person sees them; one query."""
    rows = ExpectedDocument.objects.visible_to(user).filter(study__in=studies).due(on)
    counted = (
        rows.order_by()
        .values_list("study")
        .annotate(due=Count("pk"), settled=Count("pk", filter=Q(status__in=SETTLED)))
    )
    return {study: Completeness(settled, due, due - settled) for study, due, settled in counted}


def grid_of(user, place, on):
    """
    Return {(level, id of the place): {zone: Completeness}} of a place and of each place below it.

    Each document counts at its own level only; the id of the study level is None.
    """
    rows = ExpectedDocument.objects.visible_to(user).filter(**place.place().lookup()).due(on)
    counted = (
        rows.order_by()
        .values_list("level", "country", "site", "artifact__zone_number")
        .annotate(due=Count("pk"), settled=Count("pk", filter=Q(status__in=SETTLED)))
    )
    found = {}
    for level, country, site, zone, due, settled in counted:
        key = (level, site if level == Level.SITE else country if level == Level.COUNTRY else None)
        found.setdefault(key, {})[zone] = Completeness(settled, due, due - settled)
    return found


def review_queue_of(user):
    """Return the documents that wait for this person: for review or for approval, oldest first, none of their own."""
    rows = Document.objects.visible_to(user, "documents.review_document").filter(
        Q(status=DocumentStatus.SUBMITTED) | Q(status=DocumentStatus.IN_REVIEW, claimed_by=user)
    )
    rows |= Document.objects.visible_to(user, "documents.approve_document").filter(
        status=DocumentStatus.REVIEWED
    )
    return (
        rows.exclude(uploaded_by=user)
        .select_related("study", "site__organization", "country__nation", "artifact", "claimed_by")
        .order_by("pk")
    )


def late_expected_of(user, on):
    """Return the expected documents that are late at the places this person brings documents to, longest first."""
    return (
        ExpectedDocument.objects.visible_to(user, "documents.add_document")
        .late(on)
        .select_related("study", "site__organization", "country__nation", "artifact")
        .order_by("due_on", "pk")
    )


def expiring_of(user, on):
    """Return the papers that have expired or are about to where this person asks for the next ones, in that order."""
    return (
        Document.objects.visible_to(user, "documents.renew_document")
        .to_renew(on)
        .select_related("study", "site__organization", "country__nation", "artifact")
        .order_by("expires_on", "pk")
    )


def inbox_of(user):
    """Return the documents this person brought and has not submitted."""
    return _brought_by(user, DocumentStatus.DRAFT)


def returned_to(user):
    """Return the documents this person brought and review returned."""
    return _brought_by(user, DocumentStatus.RETURNED)


def _brought_by(user, status):
    return (
        Document.objects.visible_to(user, "documents.change_document")
        .filter(status=status, uploaded_by=user)
        .select_related("study", "site__organization", "country__nation", "artifact")
        .order_by("pk")
    )


def standing_of(expected, user):
    """Return the documents that stand for an expected one, as the person sees them."""
    return Document.objects.visible_to(user).filter(expected=expected).order_by("-pk")
