"""How a person likes to look at lists: rows closer together, and a record beside its list."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ctms.accounts.models import User
from ctms.audit.context import acting_as

from .columns import facts_of


@login_required
@require_POST
def switch_rows(request):
    """Show this person's lists with compact rows, or no longer."""
    with acting_as(request.user, reason=_("Own setting: height of rows")):
        User.objects.filter(pk=request.user.pk).update(compact="compact" in request.POST)
    back = request.POST.get("back", "")
    known = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if known else "/")


@login_required
@require_safe
def look_page(request, declaration, pk):
    """Show the facts of a record beside its list; without a script, its own page."""
    record = declaration.get(request.user, pk)
    if not request.htmx:
        return redirect(declaration.url(record))
    facts, empty_facts = facts_of(declaration.facts_for(request.user), record)
    context = {"record": record, "facts": facts, "empty_facts": empty_facts, "declaration": declaration}
    return render(request, "pages/_look.html", context)
