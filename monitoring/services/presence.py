"""Who was met at a visit and which subjects were looked at: what a report names beside its monitors."""

from django.core.exceptions import ValidationError

from monitoring.models import Deviation
from sites.services import staff_on

from .findings import why_stranger
from .writing import writing


def name_people_met(*, actor, report, people_met, subjects_reviewed):
    """
    Keep who was met or contacted, one a line with the role, and the numbers of the subjects reviewed.

    :raises ValidationError: a number is none of a subject, or of none of the site's
    """
    if wrong := why_not_these_subjects(report.site, subjects_reviewed):
        raise ValidationError({"subjects_reviewed": wrong})
    with writing(actor, report) as locked:
        named = "\n".join(lines_in(people_met)), "\n".join(numbers_in(subjects_reviewed))
        if (locked.people_met, locked.subjects_reviewed) != named:
            locked.people_met, locked.subjects_reviewed = named
            locked.save()
    return locked


def why_not_these_subjects(site, text):
    """Return why what somebody typed names no subjects of a site, as a list of sentences; [] if it does."""
    numbers = numbers_in(text)
    for number in numbers:
        try:
            Deviation._meta.get_field("subject_number").run_validators(number)
        except ValidationError as refusal:
            return refusal.messages
    stranger = why_stranger(site, numbers) if numbers else ""
    return [stranger] if stranger else []


def lines_in(text):
    """Return the lines of a text, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def numbers_in(text):
    """Return the subject numbers somebody typed, on lines or with commas between, each once."""
    return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def who_may_be_met(visit):
    """Return the site's people of the days of a visit, as they are named in a report; the caller sees the site."""
    named = [str(row) for day in (visit.first_day, visit.last_day) for row in staff_on(visit.site, day)]
    return list(dict.fromkeys(named))
