"""What an inspection reads: counts and lists of what the person sees, nothing of their own making."""

from dataclasses import dataclass

from django.db.models import Count, Q

from ctms.access.access import access_of
from ctms.access.roles import TIME_BOXED
from ctms.pages.listing import COUNTED_UP_TO, LISTINGS
from documents.pages import DocumentRecord
from studies.models import CountryAssignment, SiteAssignment, StudyAssignment
from studies.pages import StudyRecord

CODENAMES = [f"act_as_{role}" for role in sorted(TIME_BOXED)]
PLACED = (
    (StudyAssignment, "content_object"),
    (CountryAssignment, "content_object__study"),
    (SiteAssignment, "content_object__study"),
)
SHOWN_ABOVE = ("documents", "studies", "access-records")


@dataclass(frozen=True)
class Shelf:
    """One list of the study that is open to the person, and how many rows it has for them."""

    title: str
    url: str
    count: str


def inspected_studies(user):
    """Return the studies somebody looks into for a limited time."""
    boxed = [grant.study for grant in access_of(user).grants if grant.role in TIME_BOXED]
    return StudyRecord.rows(user).filter(pk__in=[study for study in boxed if study is not None])


def last_days(user, study, on):
    """Return the last days of the live assignments that open this study to the person, the latest first."""
    found = set()
    for model, path in PLACED:
        live = model.objects.filter(model.live(on), user=user, permission__codename__in=CODENAMES)
        found.update(live.filter(**{path: study}).values_list("ends_on", flat=True))
    return sorted(found, reverse=True)


def zones_of(user, study):
    """Return [(number of the zone, its label, how many documents)] in the order of the reference model."""
    rows = DocumentRecord.model.objects.visible_to(user).filter(study=study).order_by()
    zones = rows.values_list("artifact__zone_number", "artifact__zone_name").annotate(Count("pk"))
    return [(number, f"{number} {name}", count) for number, name, count in sorted(zones)]


def documents_of(user, study, *, zone="", words=""):
    """Return the documents the person sees, in the order of the trial master file."""
    rows = DocumentRecord.rows(user).filter(study=study)
    if zone:
        rows = rows.filter(artifact__zone_number=zone)
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(artifact__name__icontains=word))
    return rows.order_by("artifact__number", "-document_date", "-pk")


def lists_of(user, study):
    """Return the study's other lists that are open to the person: whatever rooms the house has."""
    shelves = []
    for listing in LISTINGS.values():
        if listing.name in SHOWN_ABOVE or not listing.may_open(user):
            continue
        if not (listing.tab or (listing.rail and "study" in listing.filters)):
            continue
        rows = listing.at(listing.rows(user), study)
        count = rows.order_by()[: COUNTED_UP_TO + 1].count()
        shown = f"{COUNTED_UP_TO:,}+" if count > COUNTED_UP_TO else str(count)
        url = StudyRecord.url(study, listing.name) if listing.tab else f"{listing.url()}?study={study.pk}"
        shelves.append((listing.rail or ("", listing.tab_position), Shelf(str(listing.title), url, shown)))
    return [shelf for _place, shelf in sorted(shelves, key=lambda entry: entry[0][1])]
