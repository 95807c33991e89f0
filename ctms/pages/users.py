"""Accounts for the administrator, the security log, and each person's own tokens."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ctms.access.access import GRANT_SOURCES
from ctms.access.explain import permit
from ctms.access.scoping import Scoped
from ctms.accounts import services
from ctms.accounts.models import SYSTEM, ApiToken, SecurityEvent, SecurityEventKind, User
from ctms.audit.trail import AUDITED

from .forms import add_errors
from .frame import RAIL_PAGES
from .history import Naming, told
from .listing import BoundedPaginator
from .user_forms import AccountForm, IdentityForm, ReasonForm, TokenForm

MANAGE, SEE_SECURITY = "accounts.manage_users", "audit.view_security"
PER_PAGE = 50
RAIL_PAGES += [
    ("Administration", 90, gettext_lazy("Users"), "/user-accounts/", MANAGE),
    ("Administration", 91, gettext_lazy("Security log"), "/security-log/", SEE_SECURITY),
]


def urls():
    """Return the addresses of these pages."""
    return [
        path("user-accounts/", users_page, name="users"),
        path("user-accounts/new/", new_user, name="user-new"),
        path("user-accounts/<int:pk>/", user_page, name="user"),
        path("user-accounts/<int:pk>/identity/", identity_page, name="user-identity"),
        path("user-accounts/<int:pk>/deactivate/", deactivate_page, name="user-deactivate"),
        path("user-accounts/<int:pk>/reactivate/", reactivate_page, name="user-reactivate"),
        path("security-log/", security_log, name="security-log"),
        path("account/tokens/", tokens_page, name="tokens"),
        path("account/tokens/<int:pk>/revoke/", revoke_token, name="token-revoke"),
    ]


def _people():
    return User.objects.exclude(username=SYSTEM)


# --- accounts ----------------------------------------------------------------------------------------


@login_required
@require_safe
def users_page(request):
    """List everybody with an account: what they may, and when they were last here."""
    permit(request.user, MANAGE)
    rows, words, state = _people(), request.GET.get("q", "").strip(), request.GET.get("state", "")
    for word in words.split():
        rows = rows.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    if state in ("active", "inactive"):
        rows = rows.filter(is_active=state == "active")
    page = _page(request, rows.order_by("first_name", "last_name", "pk"))
    live = _live_counts(page.object_list)
    context = {
        "page": page,
        "people": [(person, live.get(person.pk, 0)) for person in page.object_list],
        "words": words,
        "state": state,
    }
    return render(request, "accounts/users.html", context)


def _page(request, rows):
    return BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page", "1"))


def _live_counts(people):
    """Return {person: how many assignments are live today}."""
    today, found = timezone.localdate(), {}
    for source in GRANT_SOURCES:
        rows = source.objects.filter(source.live(today), user__in=[person.pk for person in people])
        for person, count in rows.order_by().values_list("user").annotate(Count("pk")):
            found[person] = found.get(person, 0) + count
    return found


@login_required
@require_safe
def user_page(request, pk):
    """Show one account: whose it is, what they are assigned to, and what was done to it."""
    permit(request.user, MANAGE)
    person = get_object_or_404(_people(), pk=pk)
    events = AUDITED["accounts.User"].event_model.objects.filter(pgh_obj_id=person.pk).order_by("pgh_id")
    context = {
        "person": person,
        "is_self": person == request.user,
        "assignments": _assignments(request.user, person),
        "entries": told(User, events, Naming(request.user))[::-1],
        "events": SecurityEvent.objects.filter(user=person).order_by("-at", "-pk")[:10]
        if request.user.has_perm(SEE_SECURITY)
        else [],
    }
    return render(request, "accounts/user.html", context)


def _assignments(user, person):
    """Return [(assignment, is live)] of a person at the places the reader sees, newest first."""
    today, found = timezone.localdate(), []
    for source in GRANT_SOURCES:
        live = set(source.objects.filter(source.live(today), user=person).values_list("pk", flat=True))
        for assignment in source.objects.filter(user=person):
            place = getattr(assignment, "content_object", None)
            if not isinstance(place, Scoped) or user.has_perm("studies.view_team", place):
                found.append((assignment, assignment.pk in live))
    return sorted(found, key=lambda one: one[0].starts_on, reverse=True)


@never_cache
@login_required
def new_user(request):
    """Make an account; its first password is on the page this once."""
    permit(request.user, MANAGE)
    form = AccountForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            person, password = services.create_account(actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            return render(request, "accounts/user_made.html", {"person": person, "password": password})
    return _form(request, form, _("New user"), _("Make account"), reverse("users"))


@login_required
def identity_page(request, pk):
    """Record that somebody's identity was verified: then they may sign."""
    permit(request.user, MANAGE)
    person, today = get_object_or_404(_people(), pk=pk), timezone.localdate()

    def save(values):
        services.verify_identity(actor=request.user, user=person, decided_on=today, **values)
        return _("%(person)s may sign.") % {"person": person}

    form = IdentityForm(request.POST or None, initial={"verified_on": today, "statement_on": today})
    return _change_page(request, person, form, save, _("Verify identity"))


@login_required
def deactivate_page(request, pk):
    """Shut somebody's account, with the reason; it is never deleted."""
    permit(request.user, MANAGE)
    person = get_object_or_404(_people(), pk=pk)

    def save(values):
        services.deactivate(actor=request.user, user=person, **values)
        return _("The account of %(person)s is shut; they are signed out.") % {"person": person}

    return _change_page(request, person, ReasonForm(request.POST or None), save, _("Deactivate account"))


@login_required
def reactivate_page(request, pk):
    """Open somebody's account again."""
    permit(request.user, MANAGE)
    person = get_object_or_404(_people(), pk=pk)

    def save(values):
        services.reactivate(actor=request.user, user=person, **values)
        return _("The account of %(person)s is open again.") % {"person": person}

    return _change_page(request, person, ReasonForm(request.POST or None), save, _("Reactivate account"))


def _change_page(request, person, form, save, title):
    if request.method == "POST" and form.is_valid():
        try:
            said = save(form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, said)
            return redirect("user", person.pk)
    return _form(request, form, title, title, reverse("user", args=[person.pk]), person)


def _form(request, form, title, button, back, person=None):
    context = {"form": form, "title": title, "button": button, "back": back, "person": person}
    return render(request, "accounts/user_form.html", context, status=422 if form.errors else 200)


# --- the security log --------------------------------------------------------------------------------


@login_required
@require_safe
def security_log(request):
    """List who came, who tried and who proved, newest first."""
    permit(request.user, SEE_SECURITY)
    rows, name, kind = (
        SecurityEvent.objects.all(),
        request.GET.get("q", "").strip(),
        request.GET.get("kind", ""),
    )
    if name:
        rows = rows.filter(username__icontains=name)
    if kind in SecurityEventKind.values:
        rows = rows.filter(kind=kind)
    page = _page(request, rows.order_by("-at", "-pk"))
    context = {"page": page, "words": name, "kind": kind, "kinds": SecurityEventKind.choices}
    return render(request, "accounts/security_log.html", context)


# --- one's own tokens --------------------------------------------------------------------------------


@never_cache
@login_required
def tokens_page(request):
    """List a person's own tokens and make one; its secret is on the page this once."""
    form, secret = TokenForm(request.POST or None, today=timezone.localdate()), ""
    if request.method == "POST" and form.is_valid():
        secret = services.create_token(
            user=request.user,
            name=form.cleaned_data["name"],
            expires_at=_end_of(form.cleaned_data["last_day"]),
        )
        form = TokenForm(today=timezone.localdate())
    tokens = ApiToken.objects.filter(user=request.user).order_by("-created_at", "-pk")
    context = {"tokens": tokens, "form": form, "secret": secret, "now": timezone.now()}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


def _end_of(day):
    """Return the first instant after a day in the person's zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


@login_required
@require_POST
def revoke_token(request, pk):
    """Revoke one of one's own tokens."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    services.revoke_token(actor=request.user, token=token)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
