"""Forms of sites beside those the records declare."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from directory.models import Person
from studies.models import StudySite

from .models import ContactKind, Direction, Topic


def day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class QuickContactForm(forms.Form):
    """One row: a call with a site in twenty seconds; Enter saves."""

    site = forms.ModelChoiceField(StudySite.objects.none(), label=_("Site"), empty_label=_("Choose…"))
    happened_on = day(_("Date"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction)
    with_whom = forms.CharField(
        label=_("With"), max_length=200, widget=forms.TextInput(attrs={"list": "site-people"})
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=[("", _("Choose…")), *Topic.choices])
    text = forms.CharField(label=_("What was said"), max_length=4000)
    unblinded = forms.BooleanField(label=_("Unblinded"), required=False)

    def __init__(self, *args, user, place=None, **kwargs):
        super().__init__(*args, prefix="contact", **kwargs)
        sites = StudySite.objects.visible_to(user, "sites.add_contact").select_related("organization")
        if place is not None and type(place).__name__ != "StudySite":
            sites = sites.filter(**{"study" if type(place).__name__ == "Study" else "country": place})
        self.fields["site"].queryset = sites.order_by("number", "pk")
        if type(place).__name__ == "StudySite":
            self.fields["site"].widget = forms.HiddenInput()
            self.initial["site"] = place.pk
        if not _in_circle(user, place):
            del self.fields["unblinded"]


def _in_circle(user, place):
    """True if the person keeps an unblinded log here; nobody else is asked the question."""
    if place is None:
        return access_of(user).is_unblinded_with("sites.add_contact")
    return access_of(user).allows_at("sites.add_contact", place.place(), unblinded=True)


class ReplaceInvestigatorForm(forms.Form):
    """Who leads the site, from which day, and why."""

    person = forms.ModelChoiceField(
        Person.objects.all(), label=_("New principal investigator"), empty_label=_("Choose…")
    )
    starts_on = day(_("Leads the site from"))
    reason = forms.CharField(label=_("Reason"), max_length=400)
