"""Reports that come round: made by somebody, sent to each reader with what that reader may see, stopped."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.as_of import end_of_day
from ctms.audit.context import acting_as
from ctms.jobs.queue import enqueue
from ctms.notices.kinds import notice_kind
from ctms.notices.telling import sees, tell
from ctms.pages.record import RECORDS

from .declare import REPORTS
from .models import ReportRecipient, ReportRun, ReportSchedule, ScheduleStatus
from .rhythm import last_due
from .running import keep_run, reports_at, zone_of

notice_kind(
    "report", gettext_lazy("A report was run for you"), duty=False, permission="reports.view_reportrun"
)
notice_kind(
    "report-not-sent",
    gettext_lazy("A reader of your scheduled report may not see it any more"),
    duty=True,
    permission="reports.change_reportschedule",
)

ADDS = "reports.add_reportschedule"
DAY = timedelta(days=1)


def schedule_report(*, actor, report, study, recipients, on, country=None, site=None, **rhythm):
    """
    Let a report come round for people who may see what it is about.

    :param recipients: users
    :param rhythm: rhythm, and weekday or month_day
    :raises ValidationError: with the field: the report is not there for this place, or not for one of the people
    """
    place = site or country or study
    permit_at(actor, ADDS, place.place())
    if place.place().study != study.pk:
        raise ValidationError({"study": _("The country or site belongs to another study.")})
    if report not in {one.name for one in reports_at(actor, place)}:
        raise ValidationError(
            {"report": _("This report is not yours to run for %(place)s.") % {"place": place}}
        )
    for user in recipients:
        if not may_get(user, report, place):
            raise ValidationError(
                {
                    "recipients": _("%(name)s may not run this report for %(place)s.")
                    % {"name": user, "place": place}
                }
            )
    with acting_as(actor):
        schedule = ReportSchedule(
            study=study, country=country, site=site, report=report, owner=actor, starts_on=on, **rhythm
        )
        schedule.full_clean()
        schedule.save()
        for user in recipients:
            ReportRecipient.objects.create(schedule=schedule, study=study, user=user)
    return schedule


def may_get(user, report, place):
    """True if a person may run a report for a place today: whoever may not is sent nothing."""
    seen = user.is_active and sees(user, place)
    return seen and report in {one.name for one in reports_at(user, place)}


def promise_due(*, actor, now):
    """
    Promise each reader the reports that are due, each once a period; returns how many are due.

    Whose owner no longer answers for it, because they left or see the place no more, is not sent.
    """
    with everything("schedules are due in every study"):
        rows = ReportSchedule.objects.filter(status=ScheduleStatus.ACTIVE)
        schedules = list(rows.select_related("owner", "study", "country", "site").order_by("pk"))
        recipients = list(
            ReportRecipient.objects.filter(schedule__in=schedules)
            .values_list("schedule", "user")
            .order_by("pk")
        )
    promised = 0
    for schedule in schedules:
        due = due_day(schedule, now)
        if due < schedule.starts_on or not sees(schedule.owner, schedule) or not schedule.owner.is_active:
            continue
        for of_schedule, user in recipients:
            if of_schedule == schedule.pk:
                key = f"reports.send/{schedule.pk}/{due.isoformat()}/{user}"
                enqueue("reports.send", asked_by=actor, key=key, reason=_("Scheduled report"),
                        schedule_id=schedule.pk, user_id=user, due=due.isoformat())  # fmt: skip
                promised += 1
    return promised


def due_day(schedule, now):
    """Return the latest day the report was due on, where its owner's days end."""
    today = now.astimezone(zone_of(schedule.owner)).date()
    return last_due(schedule.rhythm, schedule.weekday, schedule.month_day, today)


def send_report(*, actor, schedule_id, user_id, due):
    """
    Make the run of one reader, as of the end of the day before, and tell them of it; the link alone is mailed.

    A reader who may not see it any more gets nothing; the owner is told. Returns the run, or None.
    """
    with everything("a schedule says itself for whom it is"):
        rows = ReportSchedule.objects.select_related("owner", "study", "country", "site")
        schedule = rows.get(pk=schedule_id)
        sent = ReportRun.objects.filter(schedule=schedule, reader=user_id, period=due).exists()
    if sent or schedule.status != ScheduleStatus.ACTIVE:
        return None
    reader = User.objects.get(pk=user_id)
    with everything("the place of the schedule in hand"):
        place = schedule.place_record
    if not may_get(reader, schedule.report, place):
        _tell_owner(schedule, reader, due, actor)
        return None
    zone = zone_of(schedule.owner)
    run = keep_run(
        actor=actor,
        reader=reader,
        report=REPORTS[schedule.report],
        # As the reader sees it, whatever the schedule's own view of the place is.
        place=RECORDS[place._meta.label].get(reader, place.pk),
        on=due - DAY,
        moment=end_of_day(due - DAY, zone),
        zone=zone,
        schedule=schedule,
        period=due,
    )
    tell(reader, about=run, kind="report", text=_("%(report)s is there.") % {"report": run},
         key=due.isoformat(), asked_by=actor)  # fmt: skip
    return run


def _tell_owner(schedule, reader, due, actor):
    text = _("%(name)s may not see %(report)s any more and was sent nothing.")
    tell(schedule.owner, about=schedule, kind="report-not-sent",
         text=text % {"name": reader, "report": schedule}, key=f"{reader.pk}/{due.isoformat()}",
         asked_by=actor)  # fmt: skip
