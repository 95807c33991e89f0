from django.db import models
from django.db.models import IntegerField, Value
from django.db.models.functions import Cast

from ctms.audit.trail import audited

from .access import grants_access
from .assignments import Period, ends_after_start, one_at_a_time, stays_unblinded
from .roles import LABELS, PORTFOLIO_ROLES


@grants_access
@audited(called_by=("{user}", "{role}"))
class PortfolioAssignment(Period):
    """A reading role on every study: quality, administrator."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=[(r, LABELS[r]) for r in sorted(PORTFOLIO_ROLES)])

    class Meta:
        constraints = [
            one_at_a_time("portfolioassignment_one_at_a_time", "role"),
            ends_after_start("portfolioassignment_ends_after_start"),
        ]
        triggers = stays_unblinded(study="NULL::bigint", keeps=("role",))

    def __str__(self):
        return f"{self.get_role_display()}, every study"

    @classmethod
    def live_grants(cls, user, on):
        none = Cast(Value(None), IntegerField())
        return cls.objects.filter(cls.live(on), user=user).values_list("role", none, none, none, "unblinded")

    @classmethod
    def covering(cls, place, on):
        """Return the live assignments over every place."""
        return cls.objects.filter(cls.live(on)).select_related("user")
