"""What people write themselves: a document before its file, an expectation no rule knows."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from documents.models import Document, ExpectationRule, ExpectedDocument, StudyExpectation

from .classifying import end_by_kind
from .filing import promise_match


def create_document(*, actor, study, country=None, site=None, **fields):
    """
    Make a document of the inbox whose content is uploaded afterwards; what it fulfils brings artifact and place.

    Unless a last day of validity is given, the one usual for its kind is proposed.

    :raises PermissionDenied: the actor uploads nothing there
    """
    document = Document(study=study, country=country, site=site, uploaded_by=actor, **fields)
    if fields.get("expires_on") is None:
        document.expires_on = end_by_kind(document)
    lies_in_its_study(document, study)
    document.fill_place()
    permit_at(actor, "documents.add_document", document.place())
    with acting_as(actor, reason=_("New document")):
        document.full_clean()
        document.save()
    return document


def expect_by_hand(*, actor, study, country=None, site=None, **fields):
    """Expect a document no rule of the house knows, such as a letter an authority asked for."""
    expected = ExpectedDocument(study=study, country=country, site=site, added_by=actor, **fields)
    lies_in_its_study(expected, study)
    expected.fill_place()
    permission = "documents.change_expecteddocument"
    permit_at(actor, permission, expected.place())
    with acting_as(actor, reason=_("Expected by hand")):
        expected.full_clean()
        expected.save()
        _match(actor, expected)
    return expected


def lies_in_its_study(record, study):
    """Refuse a country or site of another study; the site's own country needs not be named."""
    for name in ("country", "site"):
        place = getattr(record, name)
        if place is not None and place.study_id != study.pk:
            raise ValidationError({name: _("This is a place of another study.")})
    if record.site is not None and record.country is not None and record.site.country_id != record.country_id:
        raise ValidationError({"site": _("This site lies in another country.")})


def _match(actor, expected):
    """What lies there already may be what is expected."""
    with everything("a paper filed before it was expected"):
        there = Document.objects.filter(
            study=expected.study, artifact=expected.artifact, status="APPROVED"
        ).first()
    if there is not None:
        promise_match(actor=actor, document=there)


def ask_otherwise(*, actor, study, rule_key, wanted, why):
    """
    Say that a study wants an optional rule of the house, or does not want a usual one.

    What is expected already stays; somebody marks it not applicable.
    """
    permission = "documents.change_expecteddocument"
    permit_at(actor, permission, study.place())
    if not ExpectationRule.objects.filter(key=rule_key, retired=False).exists():
        raise ValidationError({"rule_key": _("The house's list has no such rule.")})
    said = StudyExpectation(study=study, rule_key=rule_key, wanted=wanted, why=why)
    with acting_as(actor, reason=why):
        said.full_clean()
        said.save()
    return said
