"""What waits of subjects' visits."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from subjects.models import SubjectVisit

from .items import Section, WorkItem

SHOWN = 8


def visits_to_answer(user, on):
    """Subject visits whose window has passed and nobody said what became of them, the oldest first."""
    if not user.has_perm("subjects.record_subjectvisit"):
        return None
    passed = SubjectVisit.objects.visible_to(user, "subjects.record_subjectvisit").overdue(on)
    items = [
        WorkItem(
            title=f"{visit.subject.number} · {visit.name}",
            url=url_of(visit),
            detail=f"{visit.study.protocol_number} · {visit.site.number}",
            term=_("window ended %(day)s")
            % {"day": (visit.window_ends_on or visit.target_on).strftime("%-d %b %Y")},
            pace="late",
        )
        for visit in passed.select_related("subject", "study", "site").order_by("window_ends_on", "pk")[
            :SHOWN
        ]
    ]
    return Section(
        _("Subject visits to answer"),
        items,
        _("Nobody's visit waits for an answer."),
        total=passed.count(),
        url=f"{reverse('subject-visits-list')}?standing=overdue",
    )
