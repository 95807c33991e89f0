"""Papers that expire: 90, 60 and 30 days before, and on the day; renewed ones are not reminded of (sites.md 2.6)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import people_who_may
from ctms.notices.reminders import Due, Reminder

from .models import Document, renew_until

AHEAD_DAYS = (0, 30, 60, 90)


class DocumentExpires(Reminder):
    name = "document-expires"
    sentence = gettext_lazy("A paper of the trial master file expires, 90, 60 and 30 days before")
    duty = False  # ahead of time; once it has expired it is one
    permission = "documents.renew_document"

    @classmethod
    def due(cls, on):
        soon = Document.objects.with_an_end().filter(expires_on__lte=renew_until(on, max(AHEAD_DAYS)))
        rows = soon.select_related("study", "country__nation", "site__organization")
        for document in rows.order_by("expires_on", "pk"):
            days = (document.expires_on - on).days
            stage = min((ahead for ahead in AHEAD_DAYS if days <= ahead), default=0)
            text = _("“%(title)s” expires on %(day)s.")
            if days < 0:
                text = _("“%(title)s” expired on %(day)s and is to be renewed.")
            yield Due(
                record=document,
                people=tuple(people_who_may(cls.permission, document, on)),
                text=text % {"title": document.title, "day": document.expires_on.strftime("%-d %b %Y")},
                key=f"{stage}/{document.expires_on.isoformat()}",
                duty=days < 0,
            )
