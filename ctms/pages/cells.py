"""A cell is changed where it stands: one field, its reason, its version; through the same door as the form."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile

from .columns import as_column, columns_for
from .forms import USUAL_REASONS, add_errors, form_for
from .history import history_of
from .listing import LISTINGS
from .rows import Rows
from .saving import change_record


class Editing:
    """Which cells of a list this person may change: asked once a row, without a query."""

    def __init__(self, listing, user):
        declaration = listing.record
        may = (
            listing.edit_in_place
            and not declaration.api_only
            and user.has_perm(declaration.change_permission)
        )
        self.declaration, self.user = declaration, user
        self.fields = frozenset(declaration.edit) if may else frozenset()
        self._rows: dict[int, bool] = {}

    def field(self, column):
        """Return the field of the record a column changes, or ''."""
        name = column.edits or column.path
        return name if name in self.fields else ""

    def url(self, column, record):
        """Return the address that changes this cell, or '' where it stays as it is."""
        name = self.field(column)
        if not name:
            return ""
        if record.pk not in self._rows:
            self._rows[record.pk] = self.declaration.may_edit(self.user, record)
        return self.declaration.url(record, f"cells/{name}") if self._rows[record.pk] else ""


@login_required
def cell_page(request, declaration, pk, name):
    """Show one field of a record as a form in its cell, and save it; without a script its edit form is the way."""
    record = declaration.get(request.user, pk)
    if name not in declaration.edit:
        raise Http404
    permit(request.user, declaration.change_permission, record)
    if not request.htmx:
        return redirect(declaration.url(record, "edit"))
    if refusal := declaration.why_not_editable(record):
        return render(request, "pages/_cell_form.html", {"refusal": refusal}, status=409)
    listing, form = _listing_of(request, declaration), _bound(request, declaration, record, name)
    conflict = _save(request, declaration, record, form) if form.is_bound and form.is_valid() else None
    if conflict == "":
        return _row(request, listing, pk)
    if conflict:
        record = declaration.get(request.user, pk)
    return _form(request, declaration, record, name, form, conflict)


def _bound(request, declaration, record, name):
    form_class = form_for(declaration, (name,), needs_reason=declaration.needs_reason(record))
    data = request.POST if request.method == "POST" else None
    # A copy: the form writes into its instance while it validates.
    instance = declaration.model._base_manager.get(pk=record.pk)
    return form_class(data, instance=instance, user=request.user, auto_id=f"cell-{record.pk}-%s")


def _save(request, declaration, record, form):
    """Save what was typed; return '' if it is saved, None if an error in the form says why not, or who was faster."""
    values = dict(form.cleaned_data)
    reason = values.pop("reason", "")
    version = request.POST.get("version", "")
    try:
        change_record(
            declaration,
            record,
            values,
            actor=request.user,
            reason=reason,
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except ValidationError as refusal:
        add_errors(form, refusal)
        return None
    except ChangedMeanwhile as refusal:
        return _who_was_faster(request, declaration, record) or str(refusal)
    except TransitionRefused as refusal:
        form.add_error(None, refusal.sentence)
        return None
    return ""


def _who_was_faster(request, declaration, record):
    """Return who changed the record meanwhile, to those who may read its history."""
    if not request.user.has_perm("audit.view_history", record):
        return ""
    last = next(iter(history_of(declaration, record, request.user)), None)
    if last is None:
        return ""
    return _("%(name)s changed this record after you opened it.") % {"name": last.who}


def _form(request, declaration, record, name, form, conflict):
    column, stands = as_column(name), getattr(record, "version", "")
    context = {
        "form": form,
        "field": form[name],
        "record": record,
        "url": declaration.url(record, f"cells/{name}"),
        "conflict": conflict,
        "stands_now": column.text(record) if conflict else "",
        # After a conflict the next save is made knowing how it stands now.
        "version": stands if conflict else request.POST.get("version", stands),
        "listing": request.GET.get("listing") or request.POST.get("listing", ""),
        "shown": request.GET.get("shown") or request.POST.get("shown", ""),
        "usual_reasons": USUAL_REASONS,
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "pages/_cell_form.html", context, status=status)


def _listing_of(request, declaration):
    """Return the list the cell stands in."""
    listing = LISTINGS.get(request.POST.get("listing") or request.GET.get("listing", ""))
    if listing is None or listing.record is not declaration:
        raise Http404
    return listing


def _row(request, listing, pk):
    """Return the whole row as it is now: what was changed may say more than its own cell."""
    rows = listing.record.rows(request.user)
    record = (rows.select_related(*listing.related) if listing.related else rows).get(pk=pk)
    shown = set(request.POST.get("shown", "").split(","))
    offered = columns_for(request.user, listing.every_column(), listing.model())
    columns = [c for n, c in enumerate(offered) if n == 0 or c.key in shown]
    editing, pick = Editing(listing, request.user), bool(listing.bulk_actions(request.user))
    answer = HttpResponse(Rows(listing, columns, editing=editing, pick=pick).row(record))
    answer["HX-Retarget"], answer["HX-Reswap"] = "closest tr", "outerHTML"
    return answer
