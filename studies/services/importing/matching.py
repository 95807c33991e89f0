"""Find the study a file is about: by registry number first, else by the sponsor's own number."""

from django.utils.translation import gettext as _

from studies.formats.study_file import IdentifierKind
from studies.models import Study, StudyIdentifier

from .about import Kind
from .words import bare, cut, same_organization

# In the order they are trusted.
REGISTRY_KINDS = (IdentifierKind.NCT, IdentifierKind.EU_CT, IdentifierKind.EUDRACT)
# Two numbers where one contains the other are taken for the same from this length on: LZZT, H2Q-MC-LZZT.
_SHORTEST_PART = 4


def find_study(file, pasts):
    """
    Return the study the file is about, or None.

    :param pasts: study -> its Past
    """
    for study in _holders_of_its_numbers(file):
        if not (contradicts(file, study, pasts(study)) or _other_record(file, study, pasts)):
            return study
    return _of_sponsor_and_number(file, pasts)


def _holders_of_its_numbers(file):
    numbers = [(i.kind, i.value) for kind in REGISTRY_KINDS for i in file.identifiers if i.kind is kind]
    rows = StudyIdentifier.objects.filter(
        kind__in=[str(kind) for kind in REGISTRY_KINDS], value__in=[value for _kind, value in numbers]
    ).select_related("study__sponsor")
    holders = {(row.kind, row.value): row.study for row in rows}
    return [holders[str(kind), value] for kind, value in numbers if (str(kind), value) in holders]


def contradicts(file, study, past):
    """
    True if a study that has the file's registry number is another one all the same.

    Real files carry placeholders (NCT12345678), and a mistyped number is some other study's. Where number and
    sponsor both differ it is another study; so it is where two protocol files have different numbers, because
    the number is what a protocol is called. A registry may call the study by another number than its protocol.
    """
    mine, theirs = _numbers_of_file(file), _numbers_of_study(study)
    if not mine or not theirs or any(_same_number(one, other) for one in mine for other in theirs):
        return False
    if Kind.of(file.source) is Kind.PROTOCOL and Kind.PROTOCOL in past.met:
        return True
    if file.sponsor is None or study.sponsor is None:
        return False
    return not same_organization(file.sponsor.name, study.sponsor.name)


def _numbers_of_file(file):
    own = [i.value for i in file.identifiers if i.kind not in REGISTRY_KINDS]
    return {bare(number) for number in (file.protocol_number, *own)} - {""}


def _numbers_of_study(study):
    rows = [(i.kind, i.value) for i in study.identifiers.all()]
    registered = {bare(value) for kind, value in rows if kind in REGISTRY_KINDS}
    own = {bare(value) for kind, value in rows if kind not in REGISTRY_KINDS} | {bare(study.protocol_number)}
    return own - registered - {""}


def _same_number(one, other):
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (len(shorter) >= _SHORTEST_PART and shorter in longer)


def _of_sponsor_and_number(file, pasts):
    if not file.protocol_number:
        return None
    number, _was_cut = cut(Study, "protocol_number", file.protocol_number)
    studies = list(
        Study.objects.filter(protocol_number__iexact=number).select_related("sponsor").order_by("pk")
    )
    found = [
        study for study in studies if _sponsor_agrees(file, study) and not _other_record(file, study, pasts)
    ]
    exact = [study for study in found if _sponsor_is(file, study)]
    candidates = exact or found
    return candidates[0] if len(candidates) == 1 else None


def _sponsor_agrees(file, study):
    if file.sponsor is None or study.sponsor is None:
        # Without a sponsor the number alone must do; with one on either side only, a person may say which.
        return file.sponsor is None and study.sponsor is None
    return same_organization(file.sponsor.name, study.sponsor.name)


def _sponsor_is(file, study):
    named = file.sponsor is not None and study.sponsor is not None
    return named and bare(file.sponsor.name) == bare(study.sponsor.name)


def _other_record(file, study, pasts):
    """True if the study already has a registry record of another number."""
    if Kind.of(file.source) is not Kind.REGISTRY or Kind.REGISTRY not in pasts(study).met:
        return False
    numbers = {i.value for i in study.identifiers.all() if i.kind == IdentifierKind.NCT}
    return bool(numbers) and file.nct_id not in numbers


def study_in_words(study, actor):
    """The study with its sponsor, for somebody who may know of it."""
    if study.pk is None:
        return str(study)
    if not may_know(actor, study):
        return _("a study you do not see")
    return f"{study} ({study.sponsor})" if study.sponsor else str(study)


def may_know(actor, study):
    return actor.username == "system" or Study.objects.visible_to(actor).filter(pk=study.pk).exists()
