"""The forms that make a record and that change one: of one study once it is known, and nothing typed is lost."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.access.scoping import Scoped
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile

from .choosing import PLACE_MODELS
from .drafts import discard_draft, draft_of
from .forms import USUAL_REASONS, add_errors, form_for
from .frame import tab_of
from .record import RECORDS, in_own_order
from .saving import change_record, create_record
from .views import place_context, refused


def create_page(request, declaration):
    """Show and save the form that makes a record; what is known from the address is filled in."""
    if not declaration.may_create(request.user):
        raise PermissionDenied(why_not(request.user, declaration.add_permission))
    form_class = form_for(
        declaration,
        declaration.create,
        needs_reason=False,
        extra=declaration.create_extra,
        first=declaration.create_first,
    )

    def save(values, reason, version):
        return create_record(declaration, values, actor=request.user)

    known = {*declaration.create, *declaration.create_extra}
    begins = declaration.create_initial(request.user) if declaration.create_initial else {}
    initial = {**begins, **{name: value for name, value in request.GET.items() if name in known}}
    title = _("New %(what)s") % {"what": declaration.one()}
    at = opened_at(request, declaration)
    return _form_page(request, declaration, form_class, save, title=title, initial=initial, at=at)


def opened_at(request, declaration):
    """
    Return what the address says the new record belongs to: a place, or another record of a study, or None.

    Only what the person sees is known; whatever it is, its study is that of the form.
    """
    for name in dict.fromkeys(("site", "country", "study", *declaration.create, *declaration.create_extra)):
        key, model = request.GET.get(name, ""), _model_named(declaration, name)
        if model is not None and key.isdecimal():
            named = in_own_order(model.objects.visible_to(request.user)).filter(pk=key).first()
            if named is not None:
                return named
    return None


def _model_named(declaration, name):
    """Return the study-owned model a name in the address of a form stands for, or None."""
    if name in PLACE_MODELS:
        return RECORDS[PLACE_MODELS[name]].model
    if name in declaration.create_extra:
        rows = getattr(declaration.create_extra[name], "queryset", None)
        model = rows.model if rows is not None else None
    else:
        model = declaration.model._meta.get_field(name).related_model
    return model if model is not None and issubclass(model, Scoped) else None


def edit_page(request, declaration, pk):
    """Show and save the form that changes a record."""
    record = declaration.get(request.user, pk)
    if not request.user.has_perm(declaration.change_permission, record) or not declaration.edit:
        raise PermissionDenied(why_not(request.user, declaration.change_permission))
    if refusal := declaration.why_not_editable(record):
        return refused(request, refusal, back=declaration.url(record), status=409)
    form_class = form_for(declaration, declaration.edit, needs_reason=declaration.needs_reason(record))

    def save(values, reason, version):
        return change_record(declaration, record, values, actor=request.user, reason=reason, version=version)

    title = _("Change %(what)s") % {"what": declaration.title_of(record)}
    return _form_page(request, declaration, form_class, save, title=title, record=record)


def _form_page(request, declaration, form_class, save, *, title, record=None, initial=None, at=None):
    """
    :param at: what a new record belongs to, as far as the address says: it gives the form its study and its header
    """
    draft = draft_of(request) if request.method == "GET" else None
    study = at.place().study if at is not None else None
    form = _bound(request, form_class, record, initial, draft, study)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        reason = values.pop("reason", "")
        version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        try:
            saved = save(values, reason, version)
        except ValidationError as refusal:
            add_errors(form, refusal)
        except (ChangedMeanwhile, TransitionRefused) as refusal:
            conflict = str(refusal)
        else:
            discard_draft(request)
            messages.success(request, _("%(what)s saved.") % {"what": declaration.title_of(saved)})
            return redirect(declaration.url(saved))
    context = {
        "declaration": declaration,
        "record": record,
        "form": form,
        "title": title,
        "conflict": conflict,
        "from_draft": draft,
        "usual_reasons": USUAL_REASONS,
        "back": declaration.url(record)
        if record
        else _way_back(request) or reverse(f"{declaration.slug}-list"),
        **_form_header(request, declaration, record, at),
    }
    status = 409 if conflict else (422 if form.is_bound and form.errors else 200)
    return render(request, "pages/form.html", context, status=status)


def _form_header(request, declaration, record, at):
    """Return the header of the study a form is about; where none is known yet, none is named above it either."""
    if record is not None:
        return place_context(request, record)
    if at is not None:
        return {**place_context(request, at), "active_tab": tab_of(declaration)}
    return {"last_study": None}


def _way_back(request):
    """Return the page of this product the person came from, as far as the address says so."""
    back = request.GET.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


def _bound(request, form_class, record, initial, draft, study):
    # A copy: the form writes into its instance while it validates, and the page still shows what is saved.
    instance = type(record)._base_manager.get(pk=record.pk) if record else None
    options = {"instance": instance, "user": request.user, "study": study}
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **options)
    if draft:
        kept = {name: texts[0] if len(texts) == 1 else texts for name, texts in draft.values.items()}
        return form_class(initial={**(initial or {}), **kept}, **options)
    return form_class(initial=initial, **options)
