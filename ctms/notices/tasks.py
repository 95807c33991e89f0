from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.jobs.queue import comes_round, job

from .models import Notice
from .reminders import REMINDERS
from .telling import record_of, sees, tell


@job("notices.remind", everything="reminders look for what is due in every study")
def remind(promised):
    """Tell everybody what is due; what was told stays told."""
    today, told = timezone.localdate(), 0
    for reminder in REMINDERS.values():
        for due in reminder.due(today):
            for person in due.people:
                told += tell(
                    person,
                    about=due.record,
                    kind=reminder.name,
                    text=due.text,
                    key=due.key,
                    asked_by=promised.asked_by,
                ) is not None  # fmt: skip
    return {"told": told}


comes_round("notices.remind", every=timedelta(minutes=10), reason="Reminders")


@job("notices.send_mail", everything="the mail checks for itself what its reader may see")
def send_mail(promised, notice_id):
    """Mail a link, unless the person may no longer see what it leads to."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    record = record_of(notice)
    if notice.mailed_at or record is None or not notice.user.is_active or not sees(notice.user, record):
        return
    address = f"{settings.BASE_URL}{reverse('notice', args=[notice.pk])}"
    EmailMessage(
        subject=_("Something is waiting for you"),
        body=_("Sign in to see it: %(address)s") % {"address": address} + "\n",
        to=[notice.user.email],
    ).send()
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])
