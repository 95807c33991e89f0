from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.jobs.queue import comes_round, enqueue, job

from .digest import due_digests, waiting_for_digest
from .models import Notice
from .reminders import REMINDERS
from .telling import record_of, sees, shown_to, tell


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
                    duty=due.duty,
                    asked_by=promised.asked_by,
                ) is not None  # fmt: skip
    return {"told": told}


comes_round("notices.remind", every=timedelta(minutes=10), reason="Reminders")


@job("notices.send_mail", everything="the mail checks for itself what its reader may see")
def send_mail(promised, notice_id):
    """Mail a link, unless the person may no longer see what it leads to."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    record = record_of(notice)
    if notice.mailed_at or notice.followed_by_id or record is None:
        return
    if not notice.user.is_active or not sees(notice.user, record):
        return
    EmailMessage(
        subject=_("Something is waiting for you"),
        body=_("Sign in to see it: %(address)s") % {"address": _address(notice)} + "\n",
        to=[notice.user.email],
    ).send()
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])


@job("notices.digest", everything="the morning mails that are due, whoever they are for")
def plan_digests(promised):
    """Promise each morning mail that is due, once a person and day."""
    due = due_digests(timezone.now())
    for person, day in due:
        key = f"notices.send_digest/{person.pk}/{day.isoformat()}"
        enqueue("notices.send_digest", asked_by=promised.asked_by, key=key, user_id=person.pk)
    return {"due": len(due)}


comes_round("notices.digest", every=timedelta(minutes=10), reason="Morning mails")


@job("notices.send_digest", everything="the mail checks for itself what its reader may see")
def send_digest(promised, user_id):
    """Mail the links of what a person chose to hear of once a day; nothing when nothing is new."""
    person = get_user_model().objects.get(pk=user_id)
    waiting = waiting_for_digest(person).select_for_update().order_by("pk")
    notices = [notice for notice, _record in shown_to(person, waiting)] if person.is_active else []
    if not notices or not person.email:
        return {"notices": 0}
    count = {"n": len(notices)}
    EmailMessage(
        subject=ngettext("%(n)d notice is waiting for you", "%(n)d notices are waiting for you", len(notices))
        % count,
        body=_("Sign in to see them: %(address)s") % {"address": f"{settings.BASE_URL}{reverse('notices')}"}
        + "\n\n"
        + "".join(f"{_address(notice)}\n" for notice in notices)
        + "\n"
        + _("How you are told: %(address)s") % {"address": f"{settings.BASE_URL}{reverse('notice-choices')}"}
        + "\n",
        to=[person.email],
    ).send()
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    return {"notices": len(notices)}


def _address(notice):
    return f"{settings.BASE_URL}{reverse('notice', args=[notice.pk])}"
