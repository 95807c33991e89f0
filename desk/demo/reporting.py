"""The status report of the largest study: run once by its project manager, and coming round every week from now on."""

import datetime

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import coming_through
from ctms.reports.declare import REPORTS
from ctms.reports.models import Rhythm, Weekday
from ctms.reports.running import run_report, zone_of
from ctms.reports.scheduling import schedule_report
from studies.models import Study

STATUS = "study-status"


def run_status_report(on):
    """
    Run the report as of today and let it come round; its PDF is promised.

    After the portfolio is written: a report tells what was known at its instant.
    """
    pm = User.objects.get(username="pm")
    with coming_through("import"), everything("the demo is loaded as a whole"):
        study = Study.objects.get(protocol_number="VEL-301")
        run_report(actor=pm, report=REPORTS[STATUS], place=study, on=on, zone=zone_of(pm))
        schedule_report(
            actor=pm,
            report=STATUS,
            study=study,
            recipients=(pm,),
            # What was before today is not known here, so that the first is not of yesterday.
            on=on + datetime.timedelta(days=1),
            rhythm=Rhythm.WEEKLY,
            weekday=Weekday.MONDAY,
        )
