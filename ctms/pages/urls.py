"""The addresses every Listing and Record has."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.urls import path

from . import making, notices, users, views
from .bulk_pages import bulk_page
from .cells import cell_page
from .drafts import save_draft
from .keyboard import keyboard_page
from .listing import LISTINGS
from .looks import look_page, switch_rows
from .record import RECORDS
from .saved_views import save_view, saved_view


def page_urls():
    """Return the URL patterns of all declarations; call once, from the project's urls."""
    patterns = [
        path("drafts/", login_required(save_draft), name="save-draft"),
        path("exports/<int:pk>/", views.export_progress, name="export-progress"),
        path("exports/<int:pk>/file/", views.export_file, name="export-file"),
        path("keyboard/", keyboard_page, name="keyboard"),
        path("notices/", notices.notices_page, name="notices"),
        path("notices/read/", notices.read_all, name="notices-read"),
        path("notices/choices/", notices.choices_page, name="notice-choices"),
        path("notices/<int:pk>/read/", notices.read_one, name="notice-read"),
        path("notices/<int:pk>/", notices.open_notice, name="notice"),
        path("saved-views/", save_view, name="save-view"),
        path("saved-views/<int:pk>/", saved_view, name="saved-view"),
        path("lists/rows/", switch_rows, name="switch-rows"),
        *users.urls(),
    ]
    for listing in LISTINGS.values():
        patterns.append(_page(f"{listing.name}/", views.list_page, listing, f"{listing.name}-list"))
        if listing.bulk:
            patterns.append(_page(f"{listing.name}/bulk/", bulk_page, listing, f"{listing.name}-bulk"))
    for declaration in RECORDS.values():
        if not declaration.api_only:
            patterns += _record_urls(declaration)
    return patterns


def _record_urls(declaration):
    slug = declaration.slug
    patterns = [
        _page(f"{slug}/<int:pk>/", views.record_page, declaration, f"{slug}-record"),
        _page(f"{slug}/<int:pk>/look/", look_page, declaration, f"{slug}-look"),
        _page(f"{slug}/<int:pk>/history/", views.history_page, declaration, f"{slug}-history"),
        _page(
            f"{slug}/<int:pk>/transitions/<slug:name>/",
            views.transition_page,
            declaration,
            f"{slug}-transition",
        ),
    ]
    if declaration.create:
        patterns.append(_page(f"{slug}/new/", making.create_page, declaration, f"{slug}-new"))
    if declaration.edit:
        patterns.append(_page(f"{slug}/<int:pk>/edit/", making.edit_page, declaration, f"{slug}-edit"))
        patterns.append(_page(f"{slug}/<int:pk>/cells/<slug:name>/", cell_page, declaration, f"{slug}-cell"))
    if declaration.model.__name__ in ("Study", "StudyCountry", "StudySite"):
        patterns.append(_page(f"{slug}/<int:pk>/<slug:tab>/", views.tab_page, declaration, f"{slug}-tab"))
    return patterns


def _page(route, view, declaration, name):
    return path(route, login_required(_named(view, declaration)), name=name)


def _named(view, declaration):
    bound = partial(_call, view, declaration)
    bound.__name__ = view.__name__
    bound.__doc__ = view.__doc__
    return bound


def _call(view, declaration, request, **kwargs):
    return view(request, declaration, **kwargs)
