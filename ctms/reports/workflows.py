"""What may happen to a report that comes round: it is stopped."""

from django.utils.translation import gettext_lazy

from ctms.workflow.declare import Transition, Workflow

from .models import ReportSchedule, ScheduleStatus


class ScheduleFlow(Workflow):
    model, first = ReportSchedule, ScheduleStatus.ACTIVE
    frozen = (ScheduleStatus.STOPPED,)
    tones = {ScheduleStatus.ACTIVE: "green", ScheduleStatus.STOPPED: "grey"}

    stop = Transition(
        "Stop sending",
        ScheduleStatus.ACTIVE,
        ScheduleStatus.STOPPED,
        "reports.change_reportschedule",
        needs_reason=True,
        explanation=gettext_lazy("What was sent stays readable. To send it again, a new schedule is made."),
    )
