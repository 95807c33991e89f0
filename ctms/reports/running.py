"""Run a report: compute what one person may see of it, freeze it, and promise its PDF."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.audit.as_of import database_now, end_of_day, remembered_since
from ctms.audit.context import acting_as
from ctms.calendar.zones import zone_named
from ctms.jobs.queue import enqueue
from ctms.pages.columns import instant
from ctms.pages.record import RECORDS
from ctms.signatures.signing import canonical

from .declare import NAMES_OF_PLACES, Cut, in_order
from .models import ReportRun, held_by

# To run a report is to read: whoever works below a study runs it over what they see there.
RUNS = "reports.view_reportrun"


def reports_at(user, place):
    """Return the reports a person may run for a study, or for a country or site of it."""
    level = type(place).__name__
    study = RECORDS["studies.Study"].rows(user).filter(pk=place.place().study).first()
    if study is None or not user.has_perm(RUNS, study):
        return []
    return [
        report for report in in_order() if level in report.levels and user.has_perm(report.permission, place)
    ]


def moment_of(day, zone):
    """
    Return the instant a report as of a day is cut at: the end of a day that is over, this instant of a running one.

    :raises ValidationError: the day lies ahead
    """
    now = database_now()
    today = now.astimezone(zone).date()
    if day > today:
        raise ValidationError({"on": _("The day lies ahead.")})
    return now if day == today else end_of_day(day, zone)


def facts_of(report, user, place, on, moment, zone):
    """Return the whole of a report's frozen facts: what it says, of what, as of when, for whom."""
    at = place.place()
    study = RECORDS["studies.Study"].rows(user).get(pk=at.study)
    since, unknown = remembered_since(study), ""
    if since is None or moment <= since:
        unknown = _("Nothing is known of this day: the first record of %(study)s here is of %(since)s.") % {
            "study": study, "since": _shown(since, zone) if since else "—",
        }  # fmt: skip
    cut = Cut(user, on, moment, at.study, at.country, at.site)
    names = {"study": study.protocol_number, "short_name": study.short_name, "place": ""}
    for names_of in NAMES_OF_PLACES if not unknown else ():
        names |= names_of(cut)
    facts = {
        "report": report.name,
        "title": str(report.title),
        **names,
        "on": on,
        "cut": _shown(moment, zone),
        "reader": user.get_full_name() or user.get_username(),
        "unknown": unknown,
        "content": None if unknown else report.facts(cut),
    }
    # As it will be read back: days and amounts are text.
    return json.loads(canonical(facts))


def _shown(moment, zone):
    with timezone.override(zone):
        return instant(moment)


def digest_of(facts):
    """Return the SHA-256 by which it is seen that a run's facts are those it was made with."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def run_report(*, actor, report, place, on, zone):
    """
    Run a report for a person as of a day, keep what it says, and promise its PDF.

    :raises ValidationError: the day lies ahead
    :raises PermissionDenied: the report is not theirs to run here
    """
    study = RECORDS["studies.Study"].get(actor, place.place().study)
    permit(actor, RUNS, study)
    permit(actor, report.permission, place)
    with acting_as(actor):
        moment = moment_of(on, zone)
        return keep_run(
            actor=actor, reader=actor, report=report, place=place, on=on, moment=moment, zone=zone
        )


def keep_run(*, actor, reader, report, place, on, moment, zone, schedule=None, period=None):
    """Freeze what a report says to one reader; inside a change. Its PDF is a job: it is made of the facts alone."""
    facts = facts_of(report, reader, place, on, moment, zone)
    run = ReportRun(
        study_id=place.place().study,
        country_id=place.place().country,
        site_id=place.place().site,
        report=report.name,
        reader=reader,
        held=held_by(reader, place.place().study),
        schedule=schedule,
        period=period,
        status_on=on,
        cut_at=moment,
        facts=facts,
        sha256=digest_of(facts),
    )
    run.save()
    enqueue("reports.print_run", asked_by=actor, key=f"reports.print_run/{run.pk}", run_id=run.pk)
    return run


def zone_of(user):
    """Return the zone a person's days end in."""
    return zone_named(user.time_zone)


def stands(run):
    """True if the facts of a run are those its digest was made of."""
    return digest_of(run.facts) == run.sha256
