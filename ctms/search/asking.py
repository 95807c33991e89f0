"""What somebody typed, asked of the entries they may know of, and proved by the records themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.functional import cached_property

from ctms.access.access import access_of
from ctms.access.scoping import Scope, Scoped, scope_of
from ctms.pages.frame import overview_url
from ctms.pages.listing import LISTINGS
from ctms.pages.record import RECORDS, state_of

from .entries import kinds
from .models import Entry

LONGEST, MOST_TOKENS, SHORT = 200, 8, 3
EXACTLY, BEGINNING, BY_WORDS, IN_CROWDS = 40, 60, 300, 150
FOUND = ("kind", "record", "study", "number", "words")
STUDY = "studies.Study"


@dataclass(frozen=True)
class Found:
    """One line of the answer: what it is called, where it leads, where it lies and how it stands."""

    title: str
    url: str
    place: str = ""
    state: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one kind, best first."""

    title: str
    lines: Sequence[Found]


@dataclass
class Question:
    """What was typed, as it is searched: small letters without accents, in words."""

    text: str
    tokens: list[str]
    studies: dict[int, str]  # those the person sees, by their folded numbers
    current: int | None = None
    rest: str = field(init=False)

    def __post_init__(self):
        self.rest = " ".join(token for token in self.tokens if not self.studies_of(token))

    def studies_of(self, token):
        """Return the ids of the studies a word names, such as VEL for VEL-301."""
        return [pk for pk, number in self.studies.items() if token in number] if len(token) >= SHORT else []

    @cached_property
    def named(self):
        """The studies that are named beside other words: those words are looked for in them."""
        return {pk for token in self.tokens for pk in self.studies_of(token)} if self.rest else set()


def find(user, question, *, most=5):
    """
    Return the Groups of records that `user` may see and that a Question names, best first.

    :param most: lines a group
    """
    if not question.tokens:
        return []
    order = {label: place for place, label in enumerate(RECORDS)}
    candidates = set(_candidates(user, question))
    chosen: dict[str, list[int]] = {}
    for kind, record, *_rest in sorted(candidates, key=lambda row: _rank(question, row, order)):
        keys = chosen.setdefault(kind, [])
        if record not in keys and len(keys) < most:
            keys.append(record)
    return [group for kind, keys in chosen.items() if (group := shown(user, kind, keys))]


def ask(user, text, current=None):
    """
    Return what was typed as a Question, with the studies the person may name in it.

    :param current: id of the study the person is in; what lies there comes first
    """
    tokens, studies = _folded(text), {}
    if tokens:
        known = entries_for(user, [STUDY])
        studies = dict(known.values_list("record", "number"))
    return Question(" ".join(tokens), tokens, studies, current)


def found_in_list(model, user, text):
    """
    Return the condition by which the search of a list finds rows: every word is on the record, as the search has it.

    The list has narrowed its rows already; this only says which of them are meant.
    """
    declaration = RECORDS.get(model._meta.label)
    if declaration is None or not (declaration.find_by or declaration.find_words):
        return Q()
    tokens = _folded(text)
    if not tokens or (declaration.numerous and not any(sign.isdigit() for sign in text)):
        return Q()
    rows = entries_for(user, [model._meta.label]).filter(numerous=declaration.numerous)
    for token in tokens:
        rows = rows.filter(words__contains=_pattern(token))
    return Q(pk__in=rows.values("record"))


def _folded(text):
    """Return the words of a text as the entries are folded; what no entry holds is left out."""
    clean = re.sub(r"\s+", " ", str(text).replace("\x00", " ")[:LONGEST]).strip()
    if not clean:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(unaccent(%s))", [clean])
        return cursor.fetchone()[0].split()[:MOST_TOKENS]


# --- candidates: from the entries --------------------------------------------------------------------


def _candidates(user, question):
    """Return rows of FOUND from one query: exact numbers, beginnings of numbers, words, words in crowds."""
    seen = entries_for(user, kinds())
    number, words = Q(number=question.text), Q()
    beginning = Q(number__startswith=question.text)
    if question.named:
        number |= Q(number=question.rest, study__in=question.named)
        beginning |= Q(number__startswith=question.rest, study__in=question.named)
    for token in question.tokens:
        found = Q(words__contains=_pattern(token))
        if question.named and (studies := question.studies_of(token)):
            found |= Q(study__in=studies)
        words &= found
    branches = [(seen.filter(number), EXACTLY), (seen.filter(beginning), BEGINNING)]
    if len(question.text) >= SHORT:
        # Asked apart, so that each has one condition of place: the index holds the place beside the words, and whoever
        # works at six sites does not look through what all sites say.
        above, crowds, others = _by_place()
        branches.append((entries_for(user, others).filter(words, numerous=False), BY_WORDS))
        branches.append((entries_for(user, above).filter(words, study__isnull=True), BY_WORDS))
        # Of what there is in tens of thousands nobody looks for one by a word alone: a number is named as well.
        if any(sign.isdigit() for sign in question.rest):
            branches.append((entries_for(user, crowds).filter(words, numerous=True), IN_CROWDS))
    first, *others = (rows.values_list(*FOUND)[:limit] for rows, limit in branches)
    return list(first.union(*others, all=True))


@cache
def _by_place():
    """Return the labels of the kinds that lie in no study, of those there are crowds of, and of the others."""
    above, crowds, others = [], [], []
    for label in kinds():
        declaration = RECORDS[label]
        placed = issubclass(declaration.model, Scoped)
        (above if not placed else crowds if declaration.numerous else others).append(label)
    return above, crowds, others


def _pattern(token):
    """Return what stands in the words: anywhere, a short word at a beginning, a short number by itself."""
    if len(token) >= SHORT:
        return token
    return f" {token} " if token.isdigit() else f" {token}"


def entries_for(user, labels):
    """Return the entries of some kinds a person may know of, by a condition in as few parts as their rights allow."""
    parts: list[tuple[Q, list[str]]] = []
    for label in labels:
        condition = _condition(user, RECORDS[label])
        if condition is None:
            continue
        known = next((part for part in parts if part[0] == condition), None)
        if known is None:
            parts.append((condition, [label]))
        else:
            known[1].append(label)
    found = Q(pk__in=[])
    for condition, together in parts:
        found |= Q(kind__in=together) & condition
    return Entry.objects.filter(found)


def _condition(user, declaration):
    if issubclass(declaration.model, Scoped):
        scope = scope_of(declaration.model)
        return access_of(user).rows(_as_entries(scope), (scope.view_permission,))
    return Q() if user.has_perm(declaration.view_permission()) else None


def _as_entries(scope):
    """Return how the entries of a model are narrowed: like its rows, by columns of their own."""
    return Scope(
        columns={place: place for place in scope.columns},
        view_permission=scope.view_permission,
        unblinded=True,
        blinded_by=("unblinded",),
        publishing=scope.publishing,
        seen_from_below=scope.seen_from_below,
        final=(("final", (True,)),) if scope.final else (),
    )


def _rank(question, row, order):
    """Exact number first, then its beginning, then words, then what there are crowds of; the current study first."""
    kind, record, study, number, words = row
    exact = number == question.text or (study in question.named and number == question.rest)
    begins = number.startswith(question.text) or (
        study in question.named and number.startswith(question.rest)
    )
    whole = sum(token in words.split() for token in question.tokens)
    return (
        not exact,
        RECORDS[kind].numerous,  # the thirty visits of a subject do not push its site's documents away
        not begins,
        study != question.current,
        -whole,
        study is None,  # the directory after the studies
        order[kind],
        [(len(part), part) for part in re.findall(r"\d+|\D+", number)],
        -record,
    )


# --- answers: from the records -----------------------------------------------------------------------


def shown(user, kind, keys) -> Group | None:
    """Return the records of one kind as a Group, in the order of the keys; those the person sees and no others."""
    declaration = RECORDS[kind]
    # Sixteen tables planned for five lines took longer than everything else about them.
    known = {path.partition("__")[0] for path in declaration.related}
    along = [path for path in ("study", "site__organization") if path.partition("__")[0] in known]
    rows = declaration.rows_named(user, *along).filter(pk__in=keys)
    records = {record.pk: record for record in rows}
    lines = [line_of(user, declaration, records[pk]) for pk in keys if pk in records]
    return Group(_title(declaration), lines) if lines else None


def _title(declaration):
    listing = next((one for one in LISTINGS.values() if one.record is declaration), None)
    title = str(listing.title) if listing else declaration.many()
    return title[:1].upper() + title[1:]


def line_of(user, declaration, record) -> Found:
    """Return how a record stands in an answer; what it was not read along with is not asked for."""
    title = str(declaration.title_of(record))
    url = overview_url(user, record) if declaration.model._meta.label == STUDY else declaration.url(record)
    places: list[Any] = [record._state.fields_cache.get(name) for name in ("study", "site")]
    where = [str(place) for place in places if place is not None and str(place) not in title]
    if declaration.model._meta.label == STUDY:
        where = [record.short_name]
    return Found(title, url, " · ".join(where), state_of(record))
