"""Time zones by their name: which there are, which are offered, and what is read where an unknown one stands."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pgtrigger
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

UTC = ZoneInfo("UTC")


@cache
def zone_choices():
    """Return the zones named by a place, and UTC; the other names are old ones of the same zones."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [(zone, zone) for zone in ("UTC", *sorted(places))]


@cache
def _known():
    return available_timezones()


def validate_time_zone(name):
    """Raise ValidationError unless a zone has this name."""
    if name not in _known():
        raise ValidationError(
            _("%(name)s is no time zone. Zones are named like Europe/Madrid."),
            code="unknown_zone",
            params={"name": name},
        )


def zone_named(name, otherwise=UTC):
    """Return the zone of a name, or `otherwise`: what was once stored wrongly keeps no page from being read."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


class TimeZoneField(models.CharField):
    """The name of a zone: chosen from a list in every form, and no other text is saved."""

    def __init__(self, *args, **options):
        options.setdefault("max_length", 64)
        super().__init__(*args, **options)

    default_validators = [validate_time_zone]

    def formfield(self, **options):
        offered = [("", _("The zone of its country")), *zone_choices()] if self.blank else zone_choices()
        for only_of_text in ("max_length", "empty_value"):
            options.pop(only_of_text, None)
        return forms.ChoiceField(
            choices=offered,
            required=not self.blank,
            label=options.get("label", self.verbose_name.capitalize()),
            help_text=self.help_text,
            initial=self.get_default() if self.has_default() else None,
        )


class KnownZone(pgtrigger.Trigger):
    """
    Refuse the name of a zone the database does not know either.

    A trigger and no CHECK, because the list of zones changes with the world and a constraint must not. The database
    reads its list from six hundred files, 10 ms each time: it is asked only of a zone no other row has yet.
    """

    when = pgtrigger.Before

    def __init__(self, *, column):
        self.column = column
        super().__init__(name="keeps_a_known_zone", operation=pgtrigger.Insert | pgtrigger.UpdateOf(column))

    def get_func(self, model):
        column = model._meta.get_field(self.column).column
        return f"""
            IF TG_OP = 'UPDATE' AND NEW."{column}" = OLD."{column}" THEN
                RETURN NEW;
            END IF;
            IF NEW."{column}" <> '' AND NOT EXISTS (
                SELECT 1 FROM "{model._meta.db_table}" WHERE "{column}" = NEW."{column}"
            ) AND NOT EXISTS (
                SELECT 1 FROM pg_timezone_names WHERE name = NEW."{column}"
            ) THEN
                RAISE EXCEPTION '% is no time zone.', NEW."{column}" USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """  # noqa: S608 - the column is a constant of the code
