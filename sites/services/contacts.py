"""Write down what was said with a site."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.audit.context import acting_as
from sites.models import SiteContact, SiteStaff


def record_contact(
    *,
    actor,
    today,
    site,
    happened_on,
    kind,
    with_whom,
    topic,
    text,
    direction="OUT",
    unblinded=False,
):
    """
    Write down a call, mail or talk with a site.

    :param with_whom: words; when they are those of one of the site's staff of that day, the two are linked
    :param today: the day at the site
    :raises PermissionDenied: the actor keeps no log here; an unblinded one only within the circle
    """
    permit_at(actor, "sites.add_contact", site.place(), unblinded=unblinded)
    _refuse_future(happened_on, today)
    contact = SiteContact(
        site=site,
        happened_on=happened_on,
        kind=kind,
        direction=direction,
        with_whom=with_whom,
        staff=_staff_called(actor, site, with_whom, happened_on),
        recorded_by=actor,
        topic=topic,
        text=text,
        unblinded=unblinded,
    )
    with acting_as(actor):
        contact.full_clean()
        contact.save()
    return contact


def change_contact(*, actor, record, today, **values):
    """Correct a contact; the reason stands in the history, and who it was with follows the words."""
    for name, value in values.items():
        setattr(record, name, value)
    _refuse_future(record.happened_on, today)
    record.staff = _staff_called(actor, record.site, record.with_whom, record.happened_on)
    with acting_as(actor):
        record.full_clean()
        record.save()
    return record


def _refuse_future(happened_on, today):
    if happened_on > today:
        raise ValidationError(
            {"happened_on": _("The day lies ahead: a contact is written down when it was.")}
        )


def _staff_called(actor, site, words, on):
    """Return the one member of the site's staff on a day these words name, or None."""
    rows = SiteStaff.objects.visible_to(actor).filter(site=site).on(on).select_related("person")
    found = [row for row in rows if words.strip() in (str(row), str(row.person))]
    return found[0] if len(found) == 1 else None
