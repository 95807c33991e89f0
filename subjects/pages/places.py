"""The way from a record of a subject to its place, read along by every list."""

from django import forms

PLACE = ("study__sponsor", "site__organization", "site__country__nation", "country__nation")
OF_SUBJECT = (*PLACE, "subject__site__organization", "subject__study")


def day_field(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )
