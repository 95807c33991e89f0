"""The study's own record, its numbers and its parties."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from studies.formats.study_file import IdentifierKind
from studies.models import Phase, Study, StudyIdentifier, StudyParty, StudyType

from .about import Kind
from .matching import REGISTRY_KINDS, study_in_words
from .words import name_of_field, plain, shown

_OWNED_BY_REGISTRY = frozenset({"registry_status", "stopped_because"})
# Made up by the reader where the file has no short name: not worth a line that it differs.
_NEVER_DISPUTED = frozenset({"short_name"})


def import_header(about):
    """Make the study or bring its record up to date; returns the names of the fields the file states and gave."""
    stated = _stated(about)
    if about.study is None:
        _create(about, stated)
    else:
        _bring_up_to_date(about, stated)
    _list_what_has_no_place(about)
    given = [name for name, value in stated.items() if getattr(about.study, name) == value]
    return sorted(stated), sorted(given)


def _stated(about):
    file = about.file
    values = {
        "protocol_number": file.protocol_number,
        "short_name": file.name,
        "title": file.official_title or file.brief_title,
        "lay_title": file.public_title or file.brief_title,
        "acronym": file.acronym,
        "sponsor": about.directory.sponsor(about, file.sponsor) if file.sponsor else None,
        "phase": Phase(file.phase.value) if file.phase else None,
        "study_type": StudyType(file.study_type.value) if file.study_type else None,
        "therapeutic_area": "; ".join(file.therapeutic_areas),
        "indication": "; ".join(file.conditions),
        "masking": file.masking,
        "allocation": file.allocation,
        "intervention_model": file.intervention_model,
        "planned_enrolled": file.planned_enrolment,
        "registry_status": file.status,
        "stopped_because": file.why_stopped,
    }
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    return about.fitting(Study, stated, of="study")


def _create(about, stated):
    file = about.file
    number = stated.get("protocol_number") or file.nct_id
    if not number:
        number = about.fitting(Study, {"protocol_number": file.name}, of="study")["protocol_number"]
        about.note(
            "study", _("The file has no protocol number; the study is called by its name, %s.") % number
        )
    study = Study(**{**stated, "protocol_number": number})
    taken_by = _holder_of_number(study)
    if taken_by is not None and file.nct_id:
        # Two registrations under one number of the sponsor: the registry's number tells them apart.
        _say_number_is_taken(about, number, taken_by)
        study.protocol_number = file.nct_id
    about.study = about.add("studies", study)
    about.is_new = True


def _holder_of_number(study):
    rows = Study.objects.filter(sponsor=study.sponsor, protocol_number__iexact=study.protocol_number)
    return rows.exclude(pk=study.pk).select_related("sponsor").first()


def _say_number_is_taken(about, number, holder):
    about.note(
        "study",
        _("%(number)s is the protocol number of %(other)s already, which has another registry number.")
        % {"number": number, "other": study_in_words(holder, about.actor)},
    )


def _bring_up_to_date(about, stated):
    study, values = about.study, {}
    for name, value in stated.items():
        current = getattr(study, name)
        if current == value:
            continue
        if current in (None, "") or _may_overwrite(about, name):
            values[name] = value
        elif name not in _NEVER_DISPUTED and plain(str(current)) != plain(str(value)):
            _say_it_differs(about, name, current, value)
    _leave_a_taken_number(about, values)
    about.change("studies", study, values)


def _may_overwrite(about, name):
    owner = Kind.REGISTRY if name in _OWNED_BY_REGISTRY else Kind.PROTOCOL
    if about.kind is owner:
        return True
    return name not in about.past.stated[owner] and name in about.past.given[about.kind]


def _say_it_differs(about, name, current, value):
    about.note(
        "study",
        _("%(source)s %(field)s: %(said)s; the study has: %(kept)s. Kept.")
        % {
            "source": about.kind.speaks(),
            "field": name_of_field(about.study, name),
            "said": Truncator(shown(about.study, name, value)).chars(200),
            "kept": Truncator(shown(about.study, name, current)).chars(200),
        },
    )


def _leave_a_taken_number(about, values):
    """Sponsor and number name one study: where the new pair is another study's, both stay as they are."""
    if not values.keys() & {"sponsor", "protocol_number"}:
        return
    wanted = Study(
        pk=about.study.pk, sponsor=about.study.sponsor, protocol_number=about.study.protocol_number
    )
    for name in ("sponsor", "protocol_number"):
        setattr(wanted, name, values.get(name, getattr(about.study, name)))
    if (holder := _holder_of_number(wanted)) is not None:
        _say_number_is_taken(about, wanted.protocol_number, holder)
        values.pop("sponsor", None)
        values.pop("protocol_number", None)


def _list_what_has_no_place(about):
    file = about.file
    if file.brief_title and file.public_title and plain(file.brief_title) != plain(file.public_title):
        about.note(
            "study",
            _("The public title is kept as the lay title; the brief title was left out: “%s”.")
            % file.brief_title,
        )
    if file.enrolment is not None and file.planned_enrolment is None:
        about.note(
            "study",
            _(
                "%(source)s that %(count)d subjects were enrolled in the end; that is no target and was left out."
            )
            % {"source": about.kind.speaks(), "count": file.enrolment.count},
        )


# --- numbers ---------------------------------------------------------------------------------------------


def import_identifiers(about):
    """Add the numbers the study does not have yet; a number of another study is listed and left there."""
    own = list(StudyIdentifier.objects.filter(study=about.study))
    known = {(row.kind, row.value) for row in own}
    for item in about.file.identifiers:
        value = about.fitting(StudyIdentifier, {"value": item.value}, of="identifiers")["value"]
        if (item.kind.value, value) in known:
            continue
        known.add((item.kind.value, value))
        if item.kind not in REGISTRY_KINDS:
            about.add("identifiers", StudyIdentifier(study=about.study, kind=item.kind.value, value=value))
        elif not _belongs_to_another(about, item.kind.value, value):
            _take_registry_number(about, own, item.kind, value)


def _belongs_to_another(about, kind, value):
    other = StudyIdentifier.objects.filter(kind=kind, value=value).exclude(study=about.study)
    row = other.select_related("study__sponsor").first()
    if row is None:
        return False
    about.note(
        "identifiers",
        _(
            "%(number)s is already the number of %(other)s; %(study)s was left without it. One of the two is wrong."
        )
        % {
            "number": value,
            "other": study_in_words(row.study, about.actor),
            "study": study_in_words(about.study, about.actor),
        },
    )
    return True


def _take_registry_number(about, own, kind, value):
    """A study has one NCT number: the registry's own word replaces what a protocol file said."""
    present = next((row for row in own if row.kind == kind == IdentifierKind.NCT), None)
    if present is None:
        row = about.add("identifiers", StudyIdentifier(study=about.study, kind=kind.value, value=value))
        own.append(row)
    elif about.kind is Kind.REGISTRY:
        about.change("identifiers", present, {"value": value})
    else:
        about.note(
            "identifiers",
            _("The protocol file says the NCT number is %(said)s; the study has %(kept)s. Kept.")
            % {"said": value, "kept": present.value},
        )


# --- parties ---------------------------------------------------------------------------------------------


def import_parties(about):
    """Add the collaborators; one that a newer file no longer names stays and is listed."""
    if about.kind is Kind.PROTOCOL and not about.file.collaborators:
        return
    rows = StudyParty.objects.filter(study=about.study, part=StudyParty.Part.COLLABORATOR)
    known = {plain(row.organization.name): row for row in rows.select_related("organization")}
    named = set()
    for party in about.file.collaborators:
        values = about.fitting(
            StudyParty.organization.field.related_model, {"name": party.name}, of="parties"
        )
        named.add(plain(values["name"]))
        if plain(values["name"]) not in known:
            organization = about.directory.collaborator(about, party)
            row = StudyParty(study=about.study, organization=organization, part=StudyParty.Part.COLLABORATOR)
            known[plain(values["name"])] = about.add("parties", row)
    if about.kind is Kind.REGISTRY:
        for name in sorted(known.keys() - named):
            about.note(
                "parties",
                _("%s is a collaborator here and not in the registry's record. Kept.")
                % known[name].organization,
            )
