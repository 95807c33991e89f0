"""How a study stands, on its own first page: the colour it has in the portfolio, and why."""

from django.utils import timezone

from ctms.access.access import access_of
from studies.models import Study

from .reading import rows_of


def standing_panel(request, place):
    """Return the judgement of a study with its reasons, for whoever works in the house."""
    access = access_of(request.user)
    if not isinstance(place, Study) or access.published_only or access.time_boxed_only:
        return None
    (row,) = rows_of(request.user, [place], timezone.localdate())
    return {"template": "desk/portfolio/_standing_panel.html", "judged": row.worst, "reasons": row.reasons}
