"""The countries of the world, each with the zone whose date is today in its largest trial centres."""

from importlib.resources import files

import pycountry
from django.db import migrations

# Where the first zone of the time zone database is not where most of the country's hospitals are.
MAIN_ZONE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
}


def zones():
    """Return country code -> its first zone, from the time zone database."""
    found = {}
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _position, zone = line.split("\t")[:3]
            found.setdefault(code, zone)
    return found | MAIN_ZONE


def create_countries(apps, schema_editor):
    Country = apps.get_model("directory", "Country")
    zone_of = zones()
    Country.objects.bulk_create(
        [
            Country(
                code=country.alpha_2,
                name=getattr(country, "common_name", country.name),
                time_zone=zone_of.get(country.alpha_2, "UTC"),
            )
            for country in pycountry.countries
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(create_countries, migrations.RunPython.noop)]
