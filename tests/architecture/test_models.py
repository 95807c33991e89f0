"""Every model says whose it is to see and how it is remembered, or why not."""

from django.apps import apps
from django.db import models

from ctms.access.scoping import Scoped
from ctms.audit.trail import APPEND_ONLY, AUDITED, names_in
from ctms.pages.record import RECORDS
from ctms.workflow.declare import WORKFLOWS
from launcher.paths import ROOT

# Models with a key to a place that are not narrowed by place themselves.
NOT_SCOPED = {
    "studies.StudyAssignment": "it is the grant itself; asking it for a grant would turn in a circle",
    "studies.CountryAssignment": "it is the grant itself",
    "studies.SiteAssignment": "it is the grant itself",
    "exchange.Webhook": "it is its owner's, like a token; the study only narrows what it hears of",
    "exchange.ExternalIdentifier": "it is asked for with a record the person sees, like the record's moves",
}
# Models whose changes are nobody's history.
NOT_AUDITED = {
    "directory.Country": "ISO 3166, written by migrations only",
    "accounts.FormerPassword": "hashes; the change of a password is a SecurityEvent",
    "accounts.ApiToken": "making and revoking one is a SecurityEvent",
    "documents.DocumentText": "read by a job from a stored file, whose digest is remembered; it can be read again",
    "jobs.Job": "work to do; what it changed is remembered where it changed it",
    "notices.Notice": "told and read; the record it is about is remembered",
    "notices.NoticeChoice": "how a person likes to be told; a duty is told whatever stands here",
    "search.Entry": "an index, made again from the records it is over at any time",
    "numbering.Series": "a counter; the numbers given stand in the records",
    "exchange.WebhookDelivery": "a message about a move that is remembered itself",
    "exchange.IdempotentAnswer": "a day's memory of answers, purged",
    "exchange.Horizon": "a bookmark",
    "pages.SavedView": "a name for an address of a list; it says nothing about a trial, and its owner throws it away",
    "pages.Draft": "not yet a record: nobody else sees it, and it is purged",
}


def own_models():
    """Return the concrete models of the product, without event models."""
    found = [
        model
        for model in apps.get_models()
        if (ROOT / model.__module__.split(".")[0]).is_dir() and not hasattr(model, "pgh_tracked_model")
    ]
    assert len(found) > 25
    return found


def test_every_model_that_belongs_to_a_study_is_narrowed_by_it():
    open_to_all = {
        model._meta.label
        for model in own_models()
        if not issubclass(model, Scoped)
        and any(
            f.is_relation and f.related_model and issubclass(f.related_model, Scoped)
            for f in model._meta.fields
        )
    }
    assert open_to_all - set(NOT_SCOPED) == set()
    assert set(NOT_SCOPED) == open_to_all, "an exemption nobody needs any more"


def test_every_model_is_remembered():
    forgotten = {model._meta.label for model in own_models()} - set(AUDITED) - set(APPEND_ONLY)
    assert forgotten - set(NOT_AUDITED) == set()
    assert set(NOT_AUDITED) == forgotten, "an exemption nobody needs any more"


def test_every_model_with_a_life_cycle_is_remembered_and_counts_its_versions():
    assert WORKFLOWS
    for label, _field in WORKFLOWS:
        assert label in AUDITED, label
        assert any(f.name == "version" for f in apps.get_model(label)._meta.fields), label


def test_history_is_narrowed_like_the_records_it_is_of():
    for label, trail in AUDITED.items():
        scoped = issubclass(trail.model, Scoped)
        assert hasattr(trail.event_model.objects, "visible_to") is scoped, label
        kept = {f.name for f in trail.event_model._meta.fields}
        deciding = {"study", "country", "site", "unblinded", "published"} & {
            f.name for f in trail.model._meta.fields
        }
        assert not scoped or deciding <= kept, f"{label}: the history does not know who may see it"


def test_no_regulated_row_disappears_with_another():
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    }
    assert cascading == {"pages.Draft.user"}


def test_no_model_leaves_its_place_to_be_typed():
    """A record below a country or a site takes its study from there, by trigger."""
    scoped = [model for model in own_models() if issubclass(model, Scoped)]
    assert len(scoped) > 10
    for model in scoped:
        names = {f.name for f in model._meta.fields}
        if model.place_from or ({"country", "site"} & names) - set(model.place_columns):
            assert model.place_sources(), model


def test_every_page_orders_by_columns_that_are_never_empty():
    """Cursor pages compare columns; a null would hide every row after it."""
    for label, declaration in RECORDS.items():
        assert declaration.order, label
        assert declaration.order[-1].lstrip("-") == "pk", f"{label}: the last key must tell rows apart"
        for name in declaration.order[:-1]:
            field = declaration.model._meta.get_field(name.lstrip("-").removesuffix("_id"))
            assert not field.null, f"{label} is ordered by {name}, which may be empty"


def test_what_is_signed_says_what_its_content_is():
    signed = {
        label for (label, _f), flow in WORKFLOWS.items() for t in flow.transitions().values() if t.signature
    }
    assert signed
    missing = {label for label in signed if not hasattr(apps.get_model(label), "as_signed")}
    assert missing == set()


def test_no_line_of_history_calls_a_record_by_a_number_of_ours():
    """A row is called by fields it always has: `#208` is no name for whoever reads what happened."""

    def always_there(words, fields):
        named = [fields[name] for name in names_in(words)]
        return bool(named) and not any(each.null or each.blank for each in named)

    nameless = []
    for label, trail in AUDITED.items():
        fields = {each.name: each for each in trail.fields_called_by}
        if not any(always_there(words, fields) for words in trail.called_by):
            nameless.append(label)
    assert nameless == []
