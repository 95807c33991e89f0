"""
Write what files say of subjects and their visits: all of it or nothing, as often as they are brought.

Whose a value is: the feed's, until a person changes it here. `fed` keeps what the last file said; a value that is
neither what that file said nor what this one says was changed by hand: it stays, and the report says so.
"""

from django.db import DataError, IntegrityError

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from subjects.formats.said import Problem

from .ground import IMPORT, Ground, PeopleReport
from .people import People
from .visits import Visits

__all__ = ["IMPORT", "PeopleReport", "bring_people"]


class _TakenBack(Exception):
    """A rehearsal, or a row that cannot be written: undo all."""


def bring_people(*, actor, study, said, reason, now, dry_run=False, may_make_sites=False):
    """
    Bring what files say to a study; returns a PeopleReport.

    :param said: formats.said.Said
    :param now: the moment, by which each site's today is known
    """
    report = PeopleReport(errors=list(said.problems), notes=list(said.notes), dry_run=dry_run)
    try:
        with acting_as(actor, reason=reason), everything("a file is compared with all subjects of its study"):
            if not report.errors:
                _bring(
                    Ground(
                        actor=actor,
                        study=study,
                        said=said,
                        reason=reason,
                        now=now,
                        report=report,
                        may_make_sites=may_make_sites,
                    )
                )
            if report.errors or dry_run:
                raise _TakenBack
    except _TakenBack:
        pass
    except (IntegrityError, DataError) as refused:
        sentence = str(refused).strip().split("\n")[0]
        report.errors.append(Problem("", 0, "", sentence))
    if report.errors:
        report.counts = {}
    return report


def _bring(ground):
    people = People(ground)
    people.bring()
    if ground.report.errors:
        return
    visits = Visits(ground)
    visits.bring()
    if not ground.report.errors:
        visits.schedule(people.new)
