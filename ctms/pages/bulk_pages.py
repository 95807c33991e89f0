"""The pages of a deed for many rows: what is asked once, and the report of what became of it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .bulk import AT_ONCE, carry_out, keys_in, too_many
from .choosing import PLACE_MODELS, chosen_rows
from .record import RECORDS

# So many are named before the deed; the rest is a number.
NAMED = 12


@login_required
@require_POST
def bulk_page(request, listing):
    """Ask once what the deed needs; when that is answered, do it to one row after the other and report."""
    listing.permit(request.user)
    action = _action(request, listing)
    records, missing, refusal = _chosen_records(request, listing)
    sent = "confirmed" in request.POST
    form = action.form(request.POST if sent else None)
    if sent and records and form.is_valid():
        outcome = carry_out(action, records, actor=request.user, asked=form.cleaned_data)
        return _show(request, listing, action, "pages/bulk_done.html", outcome=outcome, missing=missing)
    if not records and not refusal:
        refusal = _("None of the chosen rows is there any more.") if missing else _("Choose rows first.")
    return _show(
        request,
        listing,
        action,
        "pages/bulk.html",
        form=form,
        records=records,
        named=records[:NAMED],
        unnamed=max(0, len(records) - NAMED),
        missing=missing,
        refusal=refusal,
        keys=",".join(str(record.pk) for record in records),
        status=422 if refusal or form.errors else 200,
    )


def _action(request, listing):
    wanted = request.POST.get("action", "")
    declared = {action.name: action for action in listing.bulk_actions(request.user)}
    if wanted not in declared:
        raise Http404
    return declared[wanted]


def _chosen_records(request, listing):
    """
    Return (the chosen records the person sees, how many chosen ones are not among them, why there are none).

    A key of a record they do not see and one of no record at all are the same to them.
    """
    if request.POST.get("all") and "confirmed" not in request.POST:
        rows = _all_that_match(request, listing).prefetch_related(None)
        keys = list(rows.values_list("pk", flat=True)[: AT_ONCE + 1])
    else:
        keys = keys_in(request.POST.getlist("selected"))
    if len(keys) > AT_ONCE:
        return [], 0, too_many()
    # By what is the record's and not the list's: what was just done may have left the list, and says so.
    found = {record.pk: record for record in listing.record.rows(request.user).filter(pk__in=keys)}
    records = [found[key] for key in keys if key in found]
    return records, len(keys) - len(records), ""


def _all_that_match(request, listing):
    name, _slash, key = request.POST.get("place", "").partition("/")
    place = None
    if name:
        if name not in PLACE_MODELS or not key.isdigit():
            raise Http404
        place = RECORDS[PLACE_MODELS[name]].get(request.user, int(key))
    return chosen_rows(listing, request.user, QueryDict(request.POST.get("query", "")), place=place)


def _show(request, listing, action, template, *, status=200, **context):
    back = request.POST.get("back", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = listing.url()
    return render(
        request, template, {"listing": listing, "action": action, "back": back, **context}, status=status
    )
