"""The filter the numbers of a workload open: the rows at the sites one monitor carries."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.accounts.models import User
from studies.services.carrying import VIEW, carried_by, carriers_seen


class CarriedFilters(django_filters.FilterSet):
    """
    Which monitor carries the site, for whoever may see workloads; mixed into the filters of a list.

    :cvar site_path: where a row of the list keeps the key of its site
    """

    site_path = "site"
    carried_by = django_filters.ModelChoiceFilter(
        label=_("Site carried by"), method="by_carrier", queryset=User.objects.none()
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.request.user.has_perm(VIEW):
            self.filters["carried_by"].queryset = carriers_seen(self.request.user, timezone.localdate())
        else:
            del self.filters["carried_by"]

    def by_carrier(self, rows, _name, person):
        carried = carried_by(self.request.user, person, timezone.localdate())
        return rows.filter(**{f"{self.site_path}__in": carried})
