"""Until when papers hold: the one meaning of expired and of about to expire, for lists, numbers and reports."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

# Within so many days a paper is about to expire: time to ask the site for the next one (etmf.md 5.4).
ABOUT_TO_EXPIRE_DAYS = 60
DEFINITIONS = {
    "to_renew": _(
        "Approved documents that have expired or expire within 60 days, at places where the work goes on; one whose "
        "place a later document has taken does not count."
    ),
}


def renew_until(on: date, days: int | None = None) -> date:
    """Return the last day on which a paper that ends is about to expire."""
    return on + timedelta(days=ABOUT_TO_EXPIRE_DAYS if days is None else days)


def is_expired(expires_on: date | None, on: date) -> bool:
    """True if a paper holds no more on a day; the last day of its validity still counts."""
    return expires_on is not None and expires_on < on


def is_to_renew(expires_on: date | None, on: date) -> bool:
    """True if a paper has expired or is about to."""
    return expires_on is not None and expires_on <= renew_until(on)
