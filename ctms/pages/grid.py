"""What the page of a list needs to show its rows the way somebody asked for."""

from ctms.access.access import access_of

from .bulk import AT_ONCE
from .cells import Editing
from .choosing import Chosen, place_name
from .export import KINDS
from .listing import BoundedPaginator
from .saved_views import same_query


def grid_context(request, listing, views, place):
    """Return the table of a list, what it is chosen by, and what may be done with it."""
    chosen = Chosen(listing, request.user, request.GET, place=place)
    table = chosen.table()
    table.paginate(paginator_class=BoundedPaginator, per_page=listing.per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    actions = listing.bulk_actions(request.user)
    return {
        "listing": listing,
        "chosen": chosen,
        "table": table,
        "filters": chosen.filters,
        "place": place,
        "place_key": f"{place_name(place)}/{place.pk}" if place is not None else "",
        "export_query": chosen.asking(view=""),
        "export_kinds": KINDS,
        "bulk_actions": actions,
        "all_at_once": AT_ONCE if actions and table.paginator.num_pages > 1 else 0,
        "editing": Editing(listing, request.user),
        "shown": ",".join(column.key for column in chosen.columns),
        **_views_context(request, chosen, views),
    }


def _views_context(request, chosen, views):
    """Return the named views with the one that is shown now; without a query, a default is asked for by name."""
    has_default = any(view.is_default and view.owner_id == request.user.pk for view in views)
    query = chosen.query_kept
    return {
        "views": [(view, same_query(view.query, query), view.owner_id == request.user.pk) for view in views],
        "shows_all": not query,
        # The bare address opens the default view: every row is asked for in so many words.
        "everything_query": "view=all" if has_default else "",
        "can_be_kept": bool(query),
        "may_share": not access_of(request.user).from_outside,
    }
