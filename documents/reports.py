"""TMF missing list: what is expected in the file and is not there, late first, place by place."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.pages.record import url_of
from ctms.reports.declare import Report, ReportColumn, iso, table_of
from studies.services.recorded import spine_of

from .calculations import completeness, days_late, words_of_expiry
from .models import (
    OF_VALIDITY,
    OUTSTANDING,
    Artifact,
    Document,
    DocumentStatus,
    ExpectedDocument,
    ExpectedStatus,
    is_expired,
    is_to_renew,
)

COLUMNS = (
    ReportColumn(gettext_lazy("Document")),
    ReportColumn(gettext_lazy("Artifact")),
    ReportColumn(
        gettext_lazy("State"),
        "text",
        gettext_lazy(
            "Received is in progress and not yet approved; what was there and expired is expected anew."
        ),
    ),
    ReportColumn(gettext_lazy("Needed for")),
    ReportColumn(gettext_lazy("Due on"), "day"),
    ReportColumn(
        gettext_lazy("Days late"),
        "late",
        gettext_lazy("Calendar days since the due day; none while it is ahead."),
    ),
)
COMPLETENESS = gettext_lazy(
    "Of the expected documents whose due day has passed, those fulfilled and those that do not apply for a stated "
    "reason; without a due day they count in neither number."
)


def expected_on_record(cut, spine):
    """Return the expected documents of a cut, linked with their places and artifacts; two queries."""
    rows = spine.link(cut.rows(ExpectedDocument))
    artifacts = Artifact.objects.in_bulk({one.artifact_id for one in rows})
    for one in rows:
        one.artifact = artifacts[one.artifact_id]
    return rows


def completeness_on_record(rows, on):
    """Return the Completeness of expected documents in hand, by the one definition of the file."""
    return completeness(((one.status, one.due_on) for one in rows), on)


class TmfMissing(Report):
    name = "tmf-missing"
    title = gettext_lazy("TMF missing list")
    what_for = gettext_lazy(
        "What is expected in the trial master file and not there, late first, place by place; and the papers about to "
        "expire."
    )
    permission = "documents.view_expecteddocument"
    position = 50
    landscape = False

    @classmethod
    def facts(cls, cut):
        spine = spine_of(cut)
        expected = expected_on_record(cut, spine)
        missing = [one for one in expected if one.status in OUTSTANDING]
        late = [one for one in missing if days_late(one.status, one.due_on, cut.on)]
        total = completeness_on_record(expected, cut.on)
        ending = _to_renew(cut, spine)
        ahead = [one for one in ending if not is_expired(one.expires_on, cut.on)]
        return table_of(
            COLUMNS,
            [
                *_by_place(missing, spine, cut.on),
                *([(_("Papers about to expire"), [_ending(one, cut.on) for one in ahead])] if ahead else ()),
            ],
            summary=(
                (_("Missing"), len(missing), _("Expected or received, and not approved.")),
                (_("Of these late"), len(late), _("Their due day lies before the day of the report.")),
                (
                    _("Of these expired"),
                    sum(one.expired_on is not None for one in missing),
                    _("What stood for them has expired and was not renewed."),
                ),
                (_("Complete"), total, COMPLETENESS),
                (_("Papers to renew"), len(ending), OF_VALIDITY["to_renew"]),
            ),
            empty=_("Nothing that is expected is missing, and no paper is about to expire."),
        )


def _to_renew(cut, spine):
    """Return the papers that had expired or were about to, the first to end first."""
    found = [
        one
        for one in spine.link(cut.rows(Document))
        if one.status == DocumentStatus.APPROVED
        and is_to_renew(one.expires_on, cut.on)
        and not one.renewed
        and not one.place_is_over
    ]
    artifacts = Artifact.objects.in_bulk({one.artifact_id for one in found})
    for one in found:
        one.artifact = artifacts[one.artifact_id]
    return sorted(found, key=lambda one: (one.expires_on, one.pk))


def _ending(document, on):
    return [
        document.title,
        document.artifact.number,
        words_of_expiry(document.expires_on, on),
        "",
        iso(document.expires_on),
        None,
    ], url_of(document)


def _by_place(missing, spine, on):
    """Yield (place, rows): the study first, then countries, then sites; in each the longest late first."""
    found = defaultdict(list)
    for one in missing:
        found[(one.country_id, one.site_id)].append(one)
    places = [(None, None), *((pk, None) for pk in spine.countries)]
    places += [(site.country_id, site.pk) for site in spine.sites.values()]
    for key in places:
        if rows := found.get(key):
            yield (
                rows[0].place_label,
                [(_cells(one, on), url_of(one)) for one in sorted(rows, key=_most_urgent)],
            )


def _most_urgent(one):
    return one.due_on or date.max, one.artifact.number, one.pk


def _cells(one, on):
    return [
        one.name,
        one.artifact.number,
        _("Expired") if one.expired_on else str(ExpectedStatus(one.status).label),
        one.get_gate_display() if one.gate else "",
        iso(one.due_on),
        days_late(one.status, one.due_on, on) or None,
    ]
