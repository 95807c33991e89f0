"""Named ways to look at a list: one's own, and those colleagues shared."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ctms.access.access import access_of

from .listing import LISTINGS
from .models import SavedView

# A row of names above a list is read at a glance.
SHOWN = 30
NOT_KEPT = ("page", "export", "view", "csrfmiddlewaretoken")


class ViewForm(forms.ModelForm):
    """What a view is called and who is shown it."""

    class Meta:
        model = SavedView
        fields = ("name", "shared", "is_default")
        help_texts = {
            "shared": gettext_lazy(
                "Colleagues who work in one of your studies and may open the list see its name; of its rows, "
                "everybody sees only their own."
            ),
        }

    def __init__(self, *args, owner, listing, **options):
        super().__init__(*args, **options)
        self.instance.owner, self.instance.listing = owner, listing.name
        if access_of(owner).from_outside:
            del self.fields["shared"]

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        same = SavedView.objects.filter(owner=self.instance.owner, listing=self.instance.listing, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a view of this name already."))
        return name

    @transaction.atomic
    def save(self, commit=True):
        view, access = self.instance, access_of(self.instance.owner)
        grants = access.grants
        everywhere = any(grant.study is None for grant in grants)
        view.studies = [] if everywhere else sorted({grant.study for grant in grants})
        view.from_circle = access.is_in_a_circle
        view.circles = [] if None in access.circles else sorted(access.circles)
        if view.is_default:
            others = SavedView.objects.filter(owner=view.owner, listing=view.listing, is_default=True)
            others.exclude(pk=view.pk).update(is_default=False)
        return super().save(commit)


def views_of(user, listing):
    """Return the views this person is offered above a list: their own first, then what colleagues share."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(shared=True), listing=listing.name)
    access = access_of(user)
    found = [
        view
        for view in rows.select_related("owner").order_by("name", "pk")
        if view.owner_id == user.pk or _is_colleague(access, view)
    ]
    return sorted(found, key=lambda view: view.owner_id != user.pk)[:SHOWN]


def _is_colleague(access, view):
    """
    True if a shared view's name is this person's to read: names are written by people, and may tell.

    From outside nobody is a colleague; of a circle only who is in that very one; of a study only who works in it.
    """
    grants = access.grants
    if access.from_outside or (view.from_circle and not _is_in_its_circles(access, view)):
        return False
    if any(grant.study is None for grant in grants) or not view.studies:
        return True
    return bool({grant.study for grant in grants} & set(view.studies))


def _is_in_its_circles(access, view):
    """True if somebody is unblinded wherever the owner of a view is: another study's circle makes nobody unblinded."""
    return all(access.is_unblinded_in(study) for study in view.circles or [None])


def default_query(request, views, listing):
    """Return what a list opens with where the address says nothing: the person's own default view, else the list's."""
    if request.GET or request.htmx:
        return ""
    own = (view.query for view in views if view.is_default and view.owner_id == request.user.pk)
    return next(own, listing.begins)


def same_query(one, other):
    """True if two queries ask the same of a list, whatever the order they say it in."""
    return _normal(one) == _normal(other)


def _normal(query):
    asked = QueryDict(query)
    return {
        name: sorted(asked.getlist(name))
        for name in asked
        if name not in NOT_KEPT and any(asked.getlist(name))
    }


# --- pages -------------------------------------------------------------------------------------------


def _listing_of(request, name):
    listing = LISTINGS.get(name)
    if listing is None:
        raise Http404
    listing.permit(request.user)
    return listing


@login_required
@require_POST
def save_view(request):
    """Keep the query of a list under a name; where the name is missing or taken, say so and ask again."""
    listing = _listing_of(request, request.POST.get("listing", ""))
    form = ViewForm(request.POST, owner=request.user, listing=listing)
    form.instance.query = kept_query(request.POST.get("query", ""))
    if form.is_valid():
        view = form.save()
        messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
        return redirect(_way_back(request, listing, view))
    return _ask(request, form, listing, status=422)


def kept_query(query):
    """Return a query without what is of one moment, cut to what a view keeps."""
    asked = QueryDict(query[:2000], mutable=True)
    for name in NOT_KEPT:
        asked.pop(name, None)
    return asked.urlencode(safe=",")[:2000]


def _way_back(request, listing, view):
    """Return the list as the view shows it, in the place the person came from."""
    path = request.POST.get("path", "")
    if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        path = listing.url()
    return f"{path.partition('?')[0]}?{view.query}" if view is not None else path.partition("?")[0]


@login_required
def saved_view(request, pk):
    """Rename, share or throw away a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    listing = LISTINGS.get(view.listing)
    if request.method == "POST" and "delete" in request.POST:
        view.delete()
        messages.success(request, _("“%(name)s” is thrown away.") % {"name": view.name})
        return redirect(listing.url() if listing else "/")
    if listing is None:
        raise Http404
    form = ViewForm(request.POST or None, instance=view, owner=request.user, listing=listing)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
        return redirect(f"{listing.url()}?{view.query}")
    return _ask(request, form, listing, view=view, status=422 if form.errors else 200)


def _ask(request, form, listing, *, view=None, status=200):
    path = request.POST.get("path", "")
    context = {"form": form, "listing": listing, "view": view, "query": form.instance.query, "path": path}
    return render(request, "pages/saved_view.html", context, status=status)
