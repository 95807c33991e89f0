"""How a study stands, on its own first page: the colour it has in the portfolio, and why."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from finance.models import Budget
from studies.models import Study
from studies.pages import Step, StudyRecord

from .reading import rows_of


def standing_panel(request, place):
    """Return the judgement of a study with its reasons, for whoever works in the house."""
    access = access_of(request.user)
    if not isinstance(place, Study) or access.published_only or access.time_boxed_only:
        return None
    (row,) = rows_of(request.user, [place], timezone.localdate())
    return {"template": "desk/portfolio/_standing_panel.html", "judged": row.worst, "reasons": row.reasons}


def budget_step(request, study):
    """Return whether a new study has its budget, for who may see one."""
    if not request.user.has_perm("finance.view_budget", study):
        return None
    there = Budget.objects.visible_to(request.user).filter(study=study).exists()
    return Step(_("Sponsor budget"), there, StudyRecord.url(study, "budget"))
