"""USDM controlled terms -> our values.

Codes changed between terminology releases (official title: C99905x2, then C207616) and some exporters
write the term itself as the code, so both code and decode are read. Sources: USDM_CT.xlsx, NCI Thesaurus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studies.formats.json_document import pointer
from studies.formats.node import Node, quoted, spoken_type, storable
from studies.formats.study_file import (
    ArmKind,
    ContactMode,
    EpochKind,
    OutcomeLevel,
    PartyKind,
    Phase,
    VisitKind,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A Code or the standardCode of an AliasCode."""

    code: str
    decode: str
    place: str

    @property
    def words(self) -> str:
        """What a person would read: the decode, or the code where that is all there is."""
        return self.decode or self.code


def read_term(node: Node, name: str) -> Term | None:
    return _as_term(node, node.fields.get(name), node.at(name))


def read_terms(node: Node, *names: str) -> list[Term]:
    """The codes of a list; version 3 has a single one in some places where version 4 has several."""
    terms = []
    for name in names:
        value = node.fields.get(name)
        entries = value if isinstance(value, list) else [value]
        for index, entry in enumerate(entries):
            place = pointer(node.at(name), index) if isinstance(value, list) else node.at(name)
            if term := _as_term(node, entry, place):
                terms.append(term)
    return terms


def _as_term(node: Node, value: Any, place: str) -> Term | None:
    if isinstance(value, dict) and isinstance(value.get("standardCode"), dict):
        value, place = value["standardCode"], pointer(place, "standardCode")
    if isinstance(value, str):
        words = storable(value, place)
        return Term("", words, place) if words else None
    if not isinstance(value, dict):
        if value is not None:
            node.findings.add(
                place, f"A code should be an object but is {spoken_type(value)}; it was left out."
            )
        return None
    inner = Node(value, place, node.findings)
    code, decode = inner.detail("code"), inner.detail("decode")
    return Term(code or "", decode or "", place) if code or decode else None


PHASE_BY_CODE = {
    "C54721": Phase.EARLY_1,
    "C15600": Phase.I,
    "C15693": Phase.I_II,
    "C198366": Phase.I_II_III,
    "C15601": Phase.II,
    "C49686": Phase.II,  # IIa
    "C49688": Phase.II,  # IIb
    "C15694": Phase.II_III,
    "C15602": Phase.III,
    "C49687": Phase.III,  # IIIa
    "C49689": Phase.III,  # IIIb
    "C15603": Phase.IV,
    "C47865": Phase.V,
    "C48660": Phase.NOT_APPLICABLE,
}
_PHASE_BY_NUMERALS = {
    (0,): Phase.EARLY_1,
    (1,): Phase.I,
    (1, 2): Phase.I_II,
    (1, 2, 3): Phase.I_II_III,
    (2,): Phase.II,
    (2, 3): Phase.II_III,
    (3,): Phase.III,
    (3, 4): Phase.III_IV,
    (4,): Phase.IV,
    (5,): Phase.V,
}
_NUMERALS = {"0": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
_PHASE_NUMERAL = re.compile(r"(?<![A-Z0-9])(III|II|IV|I|V|[0-5])[ABC]?(?![A-Z0-9])")


def phase_in_words(words: str) -> Phase | None:
    """ "Phase IIb Trial", "Phase 2/Phase 3", "PHASE1", "Not applicable" -> Phase."""
    upper = re.sub(r"PHASE(?=\d)", "PHASE ", words.upper())
    if upper in ("NA", "N/A") or "NOT APPLICABLE" in upper:
        return Phase.NOT_APPLICABLE
    if "EARLY" in upper:
        return Phase.EARLY_1
    numerals = tuple(sorted({_NUMERALS[found] for found in _PHASE_NUMERAL.findall(upper)}))
    return _PHASE_BY_NUMERALS.get(numerals)


def read_phase(term: Term | None, node: Node) -> Phase | None:
    """The phase, or None with a note: a code and a decode that disagree are not settled by us."""
    if term is None:
        return None
    by_code = PHASE_BY_CODE.get(term.code.upper()) or phase_in_words(term.code)
    by_words = phase_in_words(term.decode) if term.decode else None
    if by_code and by_words and by_code is not by_words:
        what = (
            f"The phase is {quoted(term.decode)} in words but code {term.code} stands for {by_code.value}; "
        )
        node.findings.add(term.place, what + "it was left open.")
        return None
    if not (by_code or by_words):
        node.findings.add(term.place, f"The phase {quoted(term.words)} is not known; it was left open.")
    return by_code or by_words


# Words are searched in this order: the first that occurs in the decode decides.
_EPOCH_WORDS = (
    ("long-term follow", EpochKind.LONG_TERM_FOLLOW_UP),
    ("long term follow", EpochKind.LONG_TERM_FOLLOW_UP),
    ("follow", EpochKind.FOLLOW_UP),
    ("screen", EpochKind.SCREENING),
    ("run-in", EpochKind.RUN_IN),
    ("run in", EpochKind.RUN_IN),
    ("lead-in", EpochKind.RUN_IN),
    ("wash", EpochKind.WASHOUT),
    ("baseline", EpochKind.BASELINE),
    ("induction", EpochKind.INDUCTION),
    ("open label", EpochKind.OPEN_LABEL),
    ("open-label", EpochKind.OPEN_LABEL),
    ("observation", EpochKind.OBSERVATION),
    ("treatment", EpochKind.TREATMENT),
)
_ARM_WORDS = (
    ("placebo", ArmKind.PLACEBO_COMPARATOR),
    ("sham", ArmKind.SHAM_COMPARATOR),
    ("active", ArmKind.ACTIVE_COMPARATOR),
    ("no intervention", ArmKind.NO_INTERVENTION),
    ("no treatment", ArmKind.NO_INTERVENTION),
    ("investigational", ArmKind.EXPERIMENTAL),
    ("experimental", ArmKind.EXPERIMENTAL),
)
_CONTACT_WORDS = (
    ("in person", ContactMode.IN_PERSON),
    ("in-person", ContactMode.IN_PERSON),
    ("telephone", ContactMode.TELEPHONE),
    ("phone", ContactMode.TELEPHONE),
    ("video", ContactMode.REMOTE_AUDIO_VIDEO),
    ("e-mail", ContactMode.EMAIL),
    ("email", ContactMode.EMAIL),
)
_OUTCOME_WORDS = (
    ("primary", OutcomeLevel.PRIMARY),
    ("secondary", OutcomeLevel.SECONDARY),
    ("exploratory", OutcomeLevel.OTHER),
)
_PARTY_WORDS = (
    ("pharma", PartyKind.INDUSTRY),
    ("company", PartyKind.INDUSTRY),
    ("contract research", PartyKind.INDUSTRY),
    ("academic", PartyKind.ACADEMIC),
    ("universit", PartyKind.ACADEMIC),
    ("registry", PartyKind.REGISTRY),
    ("regulat", PartyKind.GOVERNMENT),
    ("government", PartyKind.GOVERNMENT),
    ("laborator", PartyKind.LABORATORY),
    ("healthcare", PartyKind.HEALTHCARE_FACILITY),
    ("hospital", PartyKind.HEALTHCARE_FACILITY),
)
_MASKING_WORDS = (
    ("open", "NONE"),
    ("single", "SINGLE"),
    ("double", "DOUBLE"),
    ("triple", "TRIPLE"),
    ("quadruple", "QUADRUPLE"),
    ("none", "NONE"),
)
_MODEL_WORDS = (
    ("parallel", "PARALLEL"),
    ("cross", "CROSSOVER"),
    ("factorial", "FACTORIAL"),
    ("sequential", "SEQUENTIAL"),
    ("single", "SINGLE_GROUP"),
)
_BY_CODE: dict[str, object] = {
    "C202487": EpochKind.SCREENING,
    "C101526": EpochKind.TREATMENT,
    "C202578": EpochKind.FOLLOW_UP,
    "C42872": EpochKind.WASHOUT,
    "C125938": EpochKind.BASELINE,
    "C98779": EpochKind.RUN_IN,
    "C174266": ArmKind.EXPERIMENTAL,
    "C174267": ArmKind.ACTIVE_COMPARATOR,
    "C174268": ArmKind.PLACEBO_COMPARATOR,
    "C174269": ArmKind.SHAM_COMPARATOR,
    "C174270": ArmKind.NO_INTERVENTION,
    "C175574": ContactMode.IN_PERSON,
    "C171537": ContactMode.TELEPHONE,
    "C94496": OutcomeLevel.PRIMARY,
    "C85826": OutcomeLevel.PRIMARY,
    "C98772": OutcomeLevel.PRIMARY,
    "C139173": OutcomeLevel.SECONDARY,
    "C85827": OutcomeLevel.SECONDARY,
    "C98781": OutcomeLevel.SECONDARY,
    "C170559": OutcomeLevel.OTHER,
    "C163559": OutcomeLevel.OTHER,
    "C98783": OutcomeLevel.OTHER,
    "C54149": PartyKind.INDUSTRY,
    "C215661": PartyKind.INDUSTRY,
    "C54148": PartyKind.INDUSTRY,
    "C18240": PartyKind.ACADEMIC,
    "C199144": PartyKind.GOVERNMENT,
    "C188863": PartyKind.GOVERNMENT,
    "C93453": PartyKind.REGISTRY,
    "C37984": PartyKind.LABORATORY,
    "C21541": PartyKind.HEALTHCARE_FACILITY,
    "C19326": PartyKind.HEALTHCARE_FACILITY,
    "C49659": "NONE",
    "C28233": "SINGLE",
    "C15228": "DOUBLE",
    "C66959": "TRIPLE",
    "C82639": "PARALLEL",
    "C82637": "CROSSOVER",
    "C82638": "FACTORIAL",
    "C82640": "SINGLE_GROUP",
    "C142568": "SEQUENTIAL",
}


def _meaning(term: Term | None, words: tuple[tuple[str, Any], ...], codes: Mapping[str, object]) -> Any:
    if term is None:
        return None
    spoken = term.decode.casefold()
    for word, meaning in words:
        if word in spoken:
            return meaning
    meant = {meaning for _, meaning in words}
    by_code = codes.get(term.code.upper())
    return by_code if by_code in meant else None


def epoch_kind(term: Term | None, name: str) -> EpochKind:
    """By the type, else by a name that says it plainly."""
    by_name = Term("", name, "")
    return _meaning(term, _EPOCH_WORDS, _BY_CODE) or _meaning(by_name, _EPOCH_WORDS, {}) or EpochKind.OTHER


def arm_kind(term: Term | None) -> ArmKind:
    if term is None:
        return ArmKind.UNKNOWN
    return _meaning(term, _ARM_WORDS, _BY_CODE) or ArmKind.OTHER


def contact_mode(term: Term) -> ContactMode:
    return _meaning(term, _CONTACT_WORDS, _BY_CODE) or ContactMode.OTHER


def outcome_level(term: Term | None) -> OutcomeLevel | None:
    level: OutcomeLevel | None = _meaning(term, _OUTCOME_WORDS, _BY_CODE)
    return level


def party_kind(term: Term | None) -> PartyKind:
    return _meaning(term, _PARTY_WORDS, _BY_CODE) or PartyKind.UNKNOWN


def masking(term: Term | None) -> str | None:
    known: str | None = _meaning(term, _MASKING_WORDS, _BY_CODE)
    return known


def intervention_model(term: Term | None) -> str | None:
    known: str | None = _meaning(term, _MODEL_WORDS, _BY_CODE)
    return known


_VISIT_KIND_BY_EPOCH = {
    EpochKind.SCREENING: VisitKind.SCREENING,
    EpochKind.BASELINE: VisitKind.BASELINE,
    EpochKind.INDUCTION: VisitKind.TREATMENT,
    EpochKind.TREATMENT: VisitKind.TREATMENT,
    EpochKind.OPEN_LABEL: VisitKind.TREATMENT,
    EpochKind.FOLLOW_UP: VisitKind.FOLLOW_UP,
    EpochKind.LONG_TERM_FOLLOW_UP: VisitKind.FOLLOW_UP,
}
_VISIT_WORDS = (
    ("unscheduled", VisitKind.UNSCHEDULED),
    ("early termination", VisitKind.EARLY_TERMINATION),
    ("early discontinuation", VisitKind.EARLY_TERMINATION),
    ("early withdrawal", VisitKind.EARLY_TERMINATION),
    ("screening", VisitKind.SCREENING),
    ("baseline", VisitKind.BASELINE),
    ("follow-up", VisitKind.FOLLOW_UP),
    ("follow up", VisitKind.FOLLOW_UP),
)


def visit_kind(name: str, epoch: EpochKind | None) -> VisitKind:
    """USDM types every encounter "Visit" (C25716), so its name decides, else the epoch it lies in."""
    by_name = _meaning(Term("", name, ""), _VISIT_WORDS, {})
    return by_name or _VISIT_KIND_BY_EPOCH.get(epoch or EpochKind.OTHER, VisitKind.OTHER)
