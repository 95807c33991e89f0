"""Which sites every monitor carries: what the workload counts, and the lists its numbers open."""

from django.contrib.auth import get_user_model

from studies.models import SITES_OVER, SiteAssignment, StudySite

VIEW = "studies.view_workload"


def sites_to_carry(user):
    """Return the sites the reader may see the workload of that are neither closed, dropped nor refused."""
    return StudySite.objects.visible_to(user, VIEW).exclude(status__in=SITES_OVER)


def monitoring_of(sites, on):
    """Return the assignments of a day by which people monitor these sites."""
    return SiteAssignment.objects.filter(
        SiteAssignment.live(on), content_object__in=sites, permission__codename="act_as_cra"
    )


def carriers_seen(user, on):
    """Return the people whose workload the reader may see."""
    carried = monitoring_of(sites_to_carry(user).order_by().values("pk"), on)
    people = get_user_model().objects.filter(pk__in=carried.order_by().values("user"))
    return people.order_by("last_name", "first_name", "pk")


def carried_by(user, person, on):
    """Return the ids of the sites a person carries, of those the reader may see the workload of."""
    return (
        monitoring_of(sites_to_carry(user).order_by().values("pk"), on)
        .filter(user=person)
        .values("content_object")
    )
