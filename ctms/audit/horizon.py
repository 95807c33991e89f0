"""Up to which transaction everything is settled."""

from django.db import connection


def snapshot_horizon():
    """Return the transaction below which nothing is still open: what is read below it is complete."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]
