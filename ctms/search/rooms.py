"""Pages, lists and things to make as a search finds them: by their words, and only what the person may open."""

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.scoping import StudyOwned
from ctms.pages.frame import rail_of, tabs_of
from ctms.pages.listing import LISTINGS
from ctms.pages.record import RECORDS, record_for

from .asking import STUDY, Found, Group

MOST = 5


def rooms(user, question):
    """Return the Groups of pages and of things to make that the words name."""
    found = [
        (_("Pages"), [*_places(user, question), *_lists(user, question)]),
        (_("New"), _makings(user, question)),
    ]
    return [Group(title, lines[:MOST]) for title, lines in found if lines]


def full_texts(user, text):
    """Return the lists that also look into what their records contain, with this search filled in."""
    return [
        Found(
            _("Search in %(list)s for “%(text)s”") % {"list": str(listing.title).lower(), "text": text},
            f"{listing.url()}?{urlencode({'q': text})}",
        )
        for listing in LISTINGS.values()
        if listing.record.search_also and listing.tab and listing.may_open(user)
    ]


def _named_by(tokens, label):
    """True if every word begins a word of the label."""
    words = label.lower().split()
    return bool(tokens) and all(any(word.startswith(token) for word in words) for token in tokens)


def _lists(user, question):
    seen = {url: label for _group, _icon, links in rail_of(user) for label, url in links}
    return [Found(label, url) for url, label in seen.items() if _named_by(question.tokens, str(label))]


def _places(user, question):
    """The tabs of the studies that are named, or of the one the person is in: “Team of VEL-301”."""
    tokens = question.rest.split()
    wanted = sorted(question.named or {question.current} & set(question.studies))[:3]
    if not tokens or not wanted or access_of(user).published_only:
        return []
    studies = record_for(RECORDS[STUDY].model).rows(user).filter(pk__in=wanted)
    return [
        Found(_("%(tab)s of %(study)s") % {"tab": label, "study": study}, url)
        for study in studies
        for _name, label, url in tabs_of(user, study, RECORDS[STUDY])
        if _named_by(tokens, label)
    ]


def _makings(user, question):
    made = []
    for declaration in RECORDS.values():
        if declaration.api_only or not declaration.may_create(user):
            continue
        label = declaration.label_of_making()
        if _named_by(question.rest.split(), label) or _named_by(
            question.rest.split(), _("New %(what)s") % {"what": declaration.one()}
        ):
            made.append(Found(label, _making_url(declaration, question)))
    return made


def _making_url(declaration, question):
    study = next(iter(question.named), question.current)
    inside = issubclass(declaration.model, StudyOwned)
    return declaration.making_url(**({"study": study} if study and inside else {}))
