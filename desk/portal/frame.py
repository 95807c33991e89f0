"""The frame around everything a sponsor opens: their studies, and the two lists of what was shown to them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.pages.listing import LISTINGS
from studies.models import Study

LISTS = ("monitoring-reports", "documents")


def portal_url(study):
    return reverse("portal-study", args=[study.pk])


def portal_rail(user):
    """Return the rail of a person who sees only what was published: [(group, icon, [(label, url)])]."""
    studies = Study.objects.visible_to(user).order_by("protocol_number", "pk")[:30]
    lists = [LISTINGS[name] for name in LISTS]
    groups = [
        (_("Your studies"), "flask", [(study.protocol_number, portal_url(study)) for study in studies]),
        (
            _("Shown to you"),
            "file-text",
            [(str(one.title), one.url()) for one in lists if one.may_open(user)],
        ),
    ]
    return [group for group in groups if group[2]]
