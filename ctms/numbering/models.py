from django.db import connection, models


class Series(models.Model):
    """One running number, such as the IMV numbers of one site."""

    key = models.CharField(max_length=200, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.key}: {self.last}"

    @classmethod
    def next_of(cls, *key):
        """
        Take the next number of a series inside the caller's transaction.

        Two transactions at once wait for each other, so that no number is given twice; a transaction that
        fails gives its number back, so that none is missing.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO {cls._meta.db_table} (key, last) VALUES (%s, 1)
                    ON CONFLICT (key) DO UPDATE SET last = {cls._meta.db_table}.last + 1 RETURNING last""",
                ["/".join(str(part) for part in key)],
            )
            return cursor.fetchone()[0]

    @classmethod
    def raise_to(cls, number, *key):
        """Make sure the next number lies above one that came from elsewhere (an import, a take-over)."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO {cls._meta.db_table} (key, last) VALUES (%s, %s)
                    ON CONFLICT (key) DO UPDATE SET last = GREATEST({cls._meta.db_table}.last, EXCLUDED.last)""",
                ["/".join(str(part) for part in key), number],
            )
