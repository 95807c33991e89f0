"""What the page of a list needs to show its rows the way somebody asked for."""

from ctms.access.access import access_of

from .bulk import AT_ONCE
from .cells import Editing
from .choosing import Chosen
from .export import KINDS
from .listing import BoundedPaginator
from .rows import Rows
from .saved_views import same_query


def grid_context(request, listing, views, place):
    """Return the table of a list, what it is chosen by, and what may be done with it."""
    chosen = Chosen(listing, request.user, request.GET, place=place)
    paginator = BoundedPaginator(chosen.rows, listing.per_page)
    page = paginator.get_page(request.GET.get("page"))
    actions, editing = listing.bulk_actions(request.user), Editing(listing, request.user)
    rows = Rows(listing, chosen.columns, editing=editing, pick=bool(actions))
    return {
        "listing": listing,
        "chosen": chosen,
        "page": page,
        "paginator": paginator,
        "rows": [rows.row(record) for record in page],
        "filters": chosen.filters,
        "place": place,
        "place_key": f"{place.place().level}/{place.pk}" if place is not None else "",
        "export_query": chosen.asking(view=""),
        "export_kinds": KINDS,
        "bulk_actions": actions,
        "all_at_once": AT_ONCE if actions and paginator.num_pages > 1 else 0,
        **_views_context(request, chosen, views),
    }


def _views_context(request, chosen, views):
    """Return the named views with the one that is shown now; without a query, a default is asked for by name."""
    own = any(view.is_default and view.owner_id == request.user.pk for view in views)
    has_default = own or bool(chosen.listing.begins)
    query = chosen.query_kept
    shown = [(view, same_query(view.query, query), view.owner_id == request.user.pk) for view in views]
    return {
        "views": shown,
        "shows_all": not query,
        # The bare address opens the default view: every row is asked for in so many words.
        "everything_query": "view=all" if has_default else "",
        "can_be_kept": bool(query) and not any(is_shown and is_own for _view, is_shown, is_own in shown),
        "may_share": not access_of(request.user).from_outside,
    }
