"""Bring the documents that are due by what happened, and see which documents stand for them."""

from collections import defaultdict

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform, perform_all
from documents.calculations import Condition, Facts, Held, Wanted, due_day, match
from documents.models import (
    ON_THE_WAY,
    Artifact,
    Document,
    DocumentStatus,
    ExpectationRule,
    ExpectedDocument,
    ExpectedStatus,
    Level,
    StudyExpectation,
    TmfHome,
    TmfPlace,
    is_expired,
)
from studies.models import IdentifierKind, SiteStatus, StudyCountry, StudyIdentifier, StudySite
from studies.models.spine import Masking

from .events import EVENT_SOURCES

# After these nothing more is asked of a site; what was received stays (practice.md, correction 6).
GIVEN_UP = (SiteStatus.DROPPED, SiteStatus.NOT_SELECTED)


def bring_expectations(study, *, on, sources=None):
    """
    Bring the expected documents of everything that happened in a study; bringing again changes nothing.

    :param on: the day on which it is looked at what has expired
    :param sources: only the events of these keys, e.g. {"studies.StudySite/12"}; None = all
    :returns: how many were brought
    """
    system = User.objects.system()
    with (
        acting_as(system, reason=_("Expected by the house's list")),
        everything("what is expected follows from what happened, whoever sees it"),
    ):
        _one_at_a_time(study)
        events = [event for source in EVENT_SOURCES for event in source(study)]
        if sources is not None:
            events = [event for event in events if event.source in sources]
        wanted = {row.key: row for row in _expected_by(study, events)}
        known = set(ExpectedDocument.objects.filter(key__in=wanted).values_list("key", flat=True))
        new = [row for key, row in sorted(wanted.items()) if key not in known]
        # Two workers at once: the second finds the rows of the first and leaves them.
        ExpectedDocument.objects.bulk_create(new, ignore_conflicts=True)
        _give_up(study, system)
    if sources is None:
        match_expectations(study, on=on)
    else:
        # What was expected before stands as it stood.
        for number in sorted({row.artifact.number for row in new}):
            match_expectations(study, on=on, artifact=number)
    return len(new)


def _one_at_a_time(study):
    """Make whoever else brings or matches in this study wait: two who read the same rows would move them twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('expected-documents'), %s::int)", [study.pk])


def _expected_by(study, events):
    """Yield the expected documents of the events by the rules in use."""
    rules, artifacts = _rules_of(study), _artifacts()
    known = _facts_of(study)
    for event in events:
        facts = Facts(
            frozenset({event.nation}) if event.nation else known.countries,
            known.phase,
            known.masked,
            known.under_ind,
        )
        for rule in rules.get(event.kind, ()):
            artifact = artifacts.get(rule.artifact_number or event.artifact_number)
            if artifact is not None and _condition(rule).holds(facts):
                yield _row(rule, event, artifact)


def _row(rule, event, artifact):
    label = rule.label or artifact.name
    source = f"{event.source}/{rule.part}" if rule.part else event.source
    return ExpectedDocument(
        study_id=event.study,
        country_id=event.country,
        site_id=event.site,
        level=Level.SITE if event.site else Level.COUNTRY if event.country else Level.STUDY,
        artifact=artifact,
        label=f"{label}: {event.label}" if event.label else label,
        rule=rule,
        key=f"{rule.key}@{event.source}",
        source=source if event.about else "",
        gate=rule.gate,
        number_expected=rule.number_expected,
        due_on=due_day(event, rule.due_days),
        unblinded=event.unblinded or rule.unblinded,
    )


def _rules_of(study):
    """Return {event kind: rules} the study follows: the house's, with what it asks otherwise."""
    said = dict(StudyExpectation.objects.filter(study=study).values_list("rule_key", "wanted"))
    found = {}
    for rule in ExpectationRule.objects.filter(retired=False):
        if said.get(rule.key, not rule.optional):
            found.setdefault(rule.event, []).append(rule)
    return found


def _artifacts():
    return {one.number: one for one in Artifact.objects.filter(reference_model__status="CURRENT")}


def _facts_of(study):
    nations = StudyCountry.objects.filter(study=study).exclude(status="DROPPED")
    return Facts(
        frozenset(nations.values_list("nation_id", flat=True)),
        study.phase,
        study.masking != Masking.NONE,
        StudyIdentifier.objects.filter(study=study, kind=IdentifierKind.IND).exists(),
    )


def _condition(rule):
    return Condition(
        rule.in_countries,
        rule.not_in_countries,
        rule.phases,
        rule.masking,
        rule.investigational_new_drug,
    )


def _give_up(study, system):
    """Ask no more of a site that was dropped; what came stays."""
    sites = StudySite.objects.filter(study=study, status__in=GIVEN_UP)
    rows = ExpectedDocument.objects.filter(site__in=sites, status=ExpectedStatus.EXPECTED)
    given_up = defaultdict(list)
    for row in rows.exclude(key="").select_related("site").order_by("pk"):
        given_up[row.site.get_status_display().lower()].append(row)
    for state, found in given_up.items():
        perform_all(found, "set_aside", actor=system, reason=_("The site is %(state)s.") % {"state": state})


# --- matching --------------------------------------------------------------------------------------------


def match_expectations(study, *, on, artifact=None):
    """
    See which documents stand for what is expected, and let each expected document stand as that says.

    What has expired stands for nothing: it is expected anew from its last day on, until a valid one is there.

    :param on: the day on which it is looked at what has expired
    :param artifact: only those of this artifact number
    """
    system = User.objects.system()
    with (
        acting_as(system, reason=_("Matched with the file")),
        everything("what a document fulfils is a rule, not reading"),
    ):
        _one_at_a_time(study)
        rows = ExpectedDocument.objects.filter(study=study).exclude(status=ExpectedStatus.NOT_APPLICABLE)
        documents = Document.objects.filter(study=study, status__in=[*ON_THE_WAY, DocumentStatus.APPROVED])
        if artifact is not None:
            rows = rows.filter(artifact__number=artifact)
            documents = documents.filter(
                Q(artifact__number=artifact) | Q(expected__artifact__number=artifact)
            )
        # Two at once wait for each other here: the second finds what the first has moved.
        rows = rows.select_for_update(of=("self",))
        expected = {row.pk: row for row in rows.select_related("artifact").order_by("pk")}
        held = {
            one.pk: one
            for one in documents.select_related("artifact", "study", "country", "site").order_by("pk")
        }
        # Nobody renews a certificate of a site that is closed: there it stands as it stood.
        ended = {one.pk for one in held.values() if is_expired(one.expires_on, on) and not one.place_is_over}
        found = match(
            [_wanted(row) for row in expected.values()],
            [_held(one, one.pk in ended) for one in held.values()],
        )
        for document, taken in found.taken.items():
            held[document].expected_id = taken
        renewed = found.renewed({row.pk for row in expected.values() if row.number_expected == 1})
        moved = {one.pk for one in held.values() if one.renewed != (one.pk in renewed)}
        for document in moved:
            held[document].renewed = not held[document].renewed
        Document.objects.bulk_update(
            [held[document] for document in sorted(moved.union(found.taken))],
            ["expected", "renewed"],
            batch_size=500,
        )
        _let_stand(expected.values(), found, system)


def _wanted(row):
    place = (row.country_id, row.site_id)
    return Wanted(row.pk, row.artifact.number, place, row.source, row.unblinded, row.number_expected)


def _held(document, ended):
    return Held(
        document.pk,
        document.artifact.number if document.artifact else "",
        (document.country_id, document.site_id),
        document.about,
        document.unblinded,
        document.status == DocumentStatus.APPROVED,
        document.expected_id,
        document.expires_on,
        ended,
    )


def _let_stand(rows, found, system):
    moves, ended = defaultdict(list), []
    for row in rows:
        wanted, move = _standing(row, found)
        if _ends_as(row, None if wanted == ExpectedStatus.FULFILLED else found.expired.get(row.pk)):
            ended.append(row)
        if row.status != wanted:
            moves[move].append(row)
    ExpectedDocument.objects.bulk_update(ended, ["expired_on", "due_on"], batch_size=500)
    for move, moved in moves.items():
        perform_all(moved, move, actor=system, reason=_("Matched with the file"))


def _ends_as(row, expired_on):
    """Write down when what stood for it expired, from which day on it is due anew; True if that is news."""
    if row.expired_on == expired_on:
        return False
    row.expired_on, row.due_on = expired_on, expired_on or row.due_on
    return True


def _standing(row, found):
    """Return the state an expected document is to be in, and the move that brings it there."""
    approved, on_the_way = found.approved.get(row.pk, 0), found.on_the_way.get(row.pk, 0)
    if approved >= row.number_expected or (row.filed_number and row.status == ExpectedStatus.FULFILLED):
        return ExpectedStatus.FULFILLED, "fulfil"
    if approved or on_the_way:
        return ExpectedStatus.RECEIVED, "receive"
    return ExpectedStatus.EXPECTED, "miss"


# --- where the file is kept ------------------------------------------------------------------------------


def tmf_place_of(study_id, on=None):
    """Return the TmfPlace that holds on a day (the latest one without), or None: the file is kept here."""
    with everything("where a study's file is kept is part of the study"):
        rows = TmfPlace.objects.filter(study=study_id)
        if on is not None:
            rows = rows.filter(starts_on__lte=on)
        return rows.order_by("-starts_on").first()


def tmf_is_here(study_id):
    place = tmf_place_of(study_id)
    return place is None or place.home == TmfHome.OURS


def fulfil_by_reference(*, actor, expected, filed_system, filed_number, filed_on, version=None):
    """Say where an expected document was filed, in a study whose file is kept elsewhere."""
    with acting_as(actor, reason=_("Filed elsewhere")):
        locked = (
            ExpectedDocument.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=expected.pk)
        )
        if version is None or version == locked.version:
            locked.filed_system, locked.filed_number, locked.filed_on = filed_system, filed_number, filed_on
            locked.full_clean()
            locked.save()
            version = None if version is None else locked.version
        return perform(locked, "filed_elsewhere", actor=actor, version=version)


def missing_for_activation(sites):
    """
    Return {id of a site: a sentence for each document without which it is not activated}; read inside `everything`.

    Until what is expected of a site is listed (a job after its moves, or within the hour), nothing is known to be
    there: the answer is no.
    """
    pks = [site.pk for site in sites]
    listed = set(ExpectedDocument.objects.filter(site__in=pks).values_list("site", flat=True))
    rows = ExpectedDocument.objects.filter(
        study__in={site.study_id for site in sites}, gate="ACTIVATION"
    ).outstanding()
    # The sentences are read by people who are blinded.
    rows = rows.filter(Q(site__in=pks) | Q(site__isnull=True), unblinded=False)
    outstanding = list(rows.select_related("artifact").order_by("artifact__number", "pk"))
    unlisted = _("What is expected in the file of this site is not listed yet; look again in a few minutes.")
    return {
        site.pk: [_lacking(row) for row in outstanding if _stands_at(row, site)]
        if site.pk in listed
        else [unlisted]
        for site in sites
    }


def _stands_at(row, site):
    """True if a document is the site's own, its country's or its study's."""
    if row.site_id is not None:
        return row.site_id == site.pk
    return row.study_id == site.study_id and row.country_id in (None, site.country_id)


def _lacking(row):
    if row.status == ExpectedStatus.RECEIVED:
        sentence = _("%(name)s (%(number)s) is received and not approved yet.")
    elif row.expired_on:
        sentence = _("%(name)s (%(number)s) expired on %(day)s.")
    else:
        sentence = _("%(name)s (%(number)s) is missing.")
    day = row.expired_on.strftime("%-d %b %Y") if row.expired_on else ""
    return sentence % {"name": row.name, "number": row.artifact.number, "day": day}
