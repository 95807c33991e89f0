"""Turn to a page of a list, however much a row of it reads along."""

# Up to here PostgreSQL looks for the best way through the tables of one statement (join_collapse_limit).
TABLES_AT_ONCE = 8


def page_of(rows, start, stop):
    """
    Return the rows from `start` to `stop` of a queryset, in its order.

    Their keys first, then the rows themselves: a row of documents reads along what sixteen tables call it. Asked in
    one, all the rows of the list were joined to them and sorted to show fifty, and to plan that took longer still:
    100 ms of the database for a list of eight thousand, now 8.
    """
    keys = list(rows.values_list("pk", flat=True)[start:stop])
    # The conditions stay: what was changed between the two is shown only if it still belongs here.
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by()} if keys else {}
    return [found[key] for key in keys if key in found]


def first_of(rows, most):
    """Return (the first `most` rows of a queryset, how many there are); counted only where there are more."""
    first = list(rows[: most + 1])
    return first[:most], len(first) if len(first) <= most else rows.count()


def next_of(rows, count):
    """
    Return the first `count` rows of a queryset ordered by an index, as the API reads on behind its cursor.

    Such an order needs no sorting, so a row that reads little along is asked for in one.
    """
    along = rows.query.select_related
    few = not isinstance(along, dict) or _tables(along) < TABLES_AT_ONCE
    return list(rows[:count]) if few else page_of(rows, 0, count)


def _tables(along):
    return sum(1 + _tables(further) for further in along.values())
