"""Who works where: the assignments are the grants."""

from django.db import models
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Cast, Substr

from ctms.access.access import grants_access
from ctms.access.assignments import (
    Assignment,
    HasALastDay,
    ends_after_start,
    one_at_a_time,
    stays_unblinded,
)
from ctms.audit.trail import audited

from .spine import Study, StudyCountry, StudySite

ROLE = Substr(F("permission__codename"), len("act_as_") + 1)
NOWHERE = Cast(Value(None), IntegerField())


def _constraints(name):
    return [
        one_at_a_time(f"{name}_one_at_a_time", "permission", "content_object"),
        ends_after_start(f"{name}_ends_after_start"),
    ]


def _triggers(study):
    return [
        *stays_unblinded(study=study, keeps=("permission", "content_object")),
        HasALastDay(name="has_a_last_day"),
    ]


class PlacedAssignment(Assignment):
    """An assignment whose live rows are grants at one place."""

    place_values: tuple = ()
    place_lookup = ""

    class Meta:
        abstract = True

    @classmethod
    def live_grants(cls, user, on):
        rows = cls.objects.filter(cls.live(on), user=user)
        return rows.annotate(role_name=ROLE).values_list("role_name", *cls.place_values, "unblinded")

    @classmethod
    def covering(cls, place, on):
        """Return the live assignments at exactly this level of a place."""
        return cls.objects.filter(
            cls.live(on), content_object=getattr(place, cls.place_lookup)
        ).select_related("user", "permission")

    @classmethod
    def of_roles(cls, roles, studies, on):
        """Return the ids of the people who play one of these roles anywhere in these studies on a day."""
        rows = cls.objects.filter(cls.live(on), permission__codename__in=[f"act_as_{role}" for role in roles])
        return rows.filter(**{f"{cls.place_values[0]}__in": studies}).values_list("user_id", flat=True)

    @classmethod
    def ended_at(cls, user, place, on):
        """Return the person's assignments at this place that have ended by a day, the latest first."""
        place_id = getattr(place, cls.place_lookup)
        ended = cls.objects.filter(user=user, content_object=place_id, ends_on__lt=on)
        return ended.select_related("permission").order_by("-ends_on", "-pk") if place_id else ()


@grants_access
@audited(called_by=("{user}", "{permission}", "{content_object}"))
class StudyAssignment(PlacedAssignment):
    content_object = models.ForeignKey(Study, models.PROTECT, related_name="+", verbose_name="study")
    place_values = ("content_object_id", NOWHERE, NOWHERE)
    place_lookup = "study"

    class Meta:
        constraints = _constraints("studyassignment")
        triggers = _triggers("NEW.content_object_id")


@grants_access
@audited(called_by=("{user}", "{permission}", "{content_object}"))
class CountryAssignment(PlacedAssignment):
    content_object = models.ForeignKey(StudyCountry, models.PROTECT, related_name="+", verbose_name="country")
    place_values = ("content_object__study_id", "content_object_id", NOWHERE)
    place_lookup = "country"

    class Meta:
        constraints = _constraints("countryassignment")
        triggers = _triggers("SELECT study_id FROM studies_studycountry WHERE id = NEW.content_object_id")


@grants_access
@audited(called_by=("{user}", "{permission}", "{content_object}"))
class SiteAssignment(PlacedAssignment):
    content_object = models.ForeignKey(StudySite, models.PROTECT, related_name="+", verbose_name="site")
    place_values = ("content_object__study_id", "content_object__country_id", "content_object_id")
    place_lookup = "site"

    class Meta:
        constraints = _constraints("siteassignment")
        triggers = _triggers("SELECT study_id FROM studies_studysite WHERE id = NEW.content_object_id")
