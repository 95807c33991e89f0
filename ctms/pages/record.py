"""Record: one declaration that gives a model its page, its forms and its API."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.explain import ended_assignment
from ctms.access.scoping import Scoped, everything
from ctms.workflow.declare import flows_of, is_frozen, left_first_state

from .columns import Column, as_column, columns_for

RECORDS: dict[str, type["Record"]] = {}


class AccessEnded(Exception):
    """The person's assignment at this place has ended; the sentence says when."""


class Record:
    """
    How one record is shown, made, changed and served.

    :cvar slug: the name in the address of the page and of the API, e.g. `study-sites`
    :cvar fields: the facts on the page and in the API, in order
    :cvar create: fields of the form that makes one; () = made elsewhere
    :cvar edit: fields of the form that changes one
    :cvar edit_while: states in which it may be changed; () = any that is not frozen
    :cvar create_with: a service `(actor, **fields) -> record` instead of a plain save
    :cvar create_extra: form fields the service needs beside the model's own, by name
    :cvar create_first: those of them that are asked before the model's own
    :cvar api_create_extra: the same as serializer fields
    :cvar change_with: a service `(actor, record, **fields) -> record` instead of a plain save
    :cvar create_initial: (user) -> {field: value} the form begins with, where the address does not say it
    :cvar reads_notices: opening its page reads what the person was told of it
    :cvar tall: texts that are read as a page: their box is high
    :cvar search_also: (user, text) -> a further condition of the search, narrowed to what the user sees
    :cvar find_by: what stands on the record as its number, first the one it is known by: a path, or words with paths
        in braces such as `PAY-{number:04}`; what the product's search finds it by
    :cvar find_words: paths of the other words it is found by
    :cvar numerous: a study has tens of thousands of them; the search shows them after the others, and only if a
        number is among the words
    :cvar under: the name of the tab inside a study it belongs to, where it is listed in none
    :cvar named_with: the relations its name is made of, where `related` reads many more along
    :cvar make_label: what making one is called where "New …" says it badly, such as "Plan a visit"
    :cvar parts: models whose history belongs to this record's, with their key to it
    """

    model: ClassVar[type[models.Model]]
    slug: ClassVar[str]
    fields: ClassVar[Sequence[str | Column]] = ()
    # A name, or (name, serializer field) for what is no field of the model.
    api_fields: ClassVar[Sequence[Any]] = ()
    create: ClassVar[Sequence[str]] = ()
    edit: ClassVar[Sequence[str]] = ()
    edit_while: ClassVar[Sequence[str]] = ()
    add_permission: ClassVar[str] = ""
    change_permission: ClassVar[str] = ""
    create_with: ClassVar[Callable | None] = None
    create_extra: ClassVar[dict[str, Any]] = {}
    create_first: ClassVar[Sequence[str]] = ()
    create_initial: ClassVar[Callable | None] = None
    reads_notices: ClassVar[bool] = False
    tall: ClassVar[Sequence[str]] = ()
    api_create_extra: ClassVar[dict[str, Any]] = {}
    change_with: ClassVar[Callable | None] = None
    transition_templates: ClassVar[dict[str, str]] = {}
    filters: ClassVar[dict[str, list[str]]] = {}
    search: ClassVar[Sequence[str]] = ()
    search_also: ClassVar[Callable | None] = None
    find_by: ClassVar[Sequence[str]] = ()
    find_words: ClassVar[Sequence[str]] = ()
    numerous: ClassVar[bool] = False
    under: ClassVar[str] = ""
    make_label: ClassVar[str] = ""
    order: ClassVar[Sequence[str]] = ("-pk",)
    related: ClassVar[Sequence[str]] = ()
    named_with: ClassVar[Sequence[str] | None] = None
    template: ClassVar[str] = "pages/record.html"
    api_only: ClassVar[bool] = False
    parts: ClassVar[Sequence[tuple[str, str]]] = ()

    def __init_subclass__(cls):
        label = cls.model._meta.label
        if label in RECORDS:
            raise TypeError(f"Two records for {label}.")
        meta = cls.model._meta
        cls.add_permission = cls.add_permission or f"{meta.app_label}.add_{meta.model_name}"
        cls.change_permission = cls.change_permission or f"{meta.app_label}.change_{meta.model_name}"
        RECORDS[label] = cls

    # --- rows -----------------------------------------------------------------------------------------

    @classmethod
    def rows(cls, user):
        """Return the rows `user` may see: where page, list, export and API all begin."""
        if issubclass(cls.model, Scoped):
            rows = cls.model.objects.visible_to(user)
        elif user.has_perm(cls.view_permission()):
            rows = cls.model.objects.all()
        else:
            rows = cls.model.objects.none()
        return rows.select_related(*cls.related).order_by(*cls.order)

    @classmethod
    def rows_answered(cls, user):
        """Return the same rows for a list of the API, without what only pages read along."""
        return cls.rows(user)

    @classmethod
    def rows_named(cls, user, *along):
        """Return the same rows with what their names are made of, and of what else is read along only `along`."""
        rows = cls.rows(user).prefetch_related(None)
        if cls.named_with is None:
            return rows
        read = (*cls.named_with, *along)
        return rows.select_related(None).select_related(*read) if read else rows.select_related(None)

    @classmethod
    def get(cls, user, pk):
        """
        Return one record the person may see, else 404.

        :raises AccessEnded: they could see it until their assignment ended
        """
        found = cls.rows(user).filter(pk=pk).first()
        if found is None and issubclass(cls.model, Scoped):
            with everything("whether a past assignment explains that nothing is seen"):
                hidden = cls.model._base_manager.filter(pk=pk).first()
            if hidden is not None and (sentence := cls._ended(user, hidden)):
                raise AccessEnded(sentence)
        return found if found is not None else get_object_or_404(cls.rows(user), pk=pk)

    @classmethod
    def _ended(cls, user, hidden):
        with everything("whether a past assignment showed this record"):
            return ended_assignment(user, hidden, cls.view_permission(), timezone.localdate())

    @classmethod
    def view_permission(cls):
        meta = cls.model._meta
        return getattr(cls.model, "view_permission", "") or f"{meta.app_label}.view_{meta.model_name}"

    # --- what may be done -----------------------------------------------------------------------------

    @classmethod
    def may_create(cls, user):
        return bool(cls.create) and user.has_perm(cls.add_permission)

    @classmethod
    def may_edit(cls, user, record):
        return (
            bool(cls.edit)
            and user.has_perm(cls.change_permission, record)
            and not cls.why_not_editable(record)
        )

    @classmethod
    def why_not_editable(cls, record):
        """Return why the record's state forbids changes, or ''."""
        flows = flows_of(record)
        if is_frozen(record):
            return _("This is %(state)s and no longer changes.") % {"state": state_of(record).lower()}
        if cls.edit_while and flows and getattr(record, flows[0].field) not in cls.edit_while:
            return _("This is %(state)s; it is not changed in that state.") % {
                "state": state_of(record).lower()
            }
        return ""

    @classmethod
    def needs_reason(cls, record):
        """True if a change of this saved record must say why (compliance row 4)."""
        return left_first_state(record) if flows_of(record) else True

    # --- words and addresses --------------------------------------------------------------------------

    @classmethod
    def one(cls):
        return str(cls.model._meta.verbose_name)

    @classmethod
    def label_of_making(cls):
        """Return the words of the button that makes one."""
        return str(cls.make_label) or _("New %(what)s") % {"what": cls.one()}

    @classmethod
    def many(cls):
        return str(cls.model._meta.verbose_name_plural)

    @classmethod
    def columns(cls):
        return [as_column(spec) for spec in cls.fields]

    @classmethod
    def making_url(cls, **known):
        """Return the address of the form that makes one, filled in with what is known."""
        url = reverse(f"{cls.slug}-new")
        return f"{url}?{urlencode(known)}" if known else url

    @classmethod
    def may_make_at(cls, user, place):
        """True if this person may make one at a study, country or site."""
        return access_of(user).allows_at(cls.add_permission, place.place())

    @classmethod
    def facts_for(cls, user):
        """Return the facts that concern a reader."""
        return columns_for(user, cls.columns(), cls.model)

    @classmethod
    def url(cls, record, page=""):
        return cls.url_by_key(record.pk, page)

    @classmethod
    def url_by_key(cls, key, page=""):
        """Return the address of a record that need not be read for it."""
        base = reverse(f"{cls.slug}-record", args=[key])
        return f"{base}{page}/" if page else base

    @classmethod
    def title_of(cls, record):
        return str(record)

    @classmethod
    def extra_context(cls, request, record):
        """Return what the record's own template needs beside the facts."""
        return {}

    @classmethod
    def terms(cls, record, on):
        """Return the clocks (calendar.clocks.Term) that run on this record."""
        return []


def record_for(thing):
    """Return the Record declaration of a model or an instance, or None."""
    return RECORDS.get(thing._meta.label)


def in_own_order(rows):
    """Read along what a record is called by, in the order of its own list."""
    declaration = record_for(rows.model)
    return rows.select_related(*declaration.related).order_by(*declaration.order) if declaration else rows


def state_of(record):
    """Return the label of the record's state, or ''."""
    flows = flows_of(record)
    return str(flows[0].state_label(getattr(record, flows[0].field))) if flows else ""


def url_of(record):
    """Return the address of a record's page, or '' when it has none."""
    declaration = record_for(record)
    return declaration.url(record) if declaration and not declaration.api_only else ""
