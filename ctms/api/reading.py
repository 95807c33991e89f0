"""Columns of chosen rows, by SQL written once a process: to write it anew took longer than to answer it."""

from functools import cached_property

from django.db import connection

# Stands in the statement for the keys it is asked for.
SOME_KEY = -1


class Reading:
    """
    Reads columns of a model's rows, chosen by a key; which keys are chosen is not decided here.

    Nothing is narrowed, so the keys are always those of rows somebody may see.
    """

    def __init__(self, model, key, paths, order):
        """
        :param key: path of the column the rows are chosen by
        :param paths: the columns that are read, no one twice
        :param order: the paths the rows are ordered by
        """
        rows = model._base_manager.filter(**{f"{key}__in": [SOME_KEY]})
        self._query = rows.order_by(*order).values_list(*paths).query

    @cached_property
    def _written(self):
        """(SQL before the keys, SQL after them, what makes values of what the database gives)."""
        compiler = self._query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if parameters != (SOME_KEY,):
            raise ValueError("Only the keys may be asked for anew.")
        before, after = sql.split("IN (%s)")
        return before, after, compiler.get_converters([column for column, *_rest in compiler.select])

    def of_keys(self, keys):
        """Return the rows with these keys, as tuples."""
        return self._read("%s", [list(keys)])

    def of_rows(self, rows):
        """Return the rows of a sliced queryset of the same model, by one statement."""
        # As an array the keys are found first, by as few tables as that takes: joined to all tables the rows read
        # along, every row of the list was looked up and sorted to give one page.
        sql, parameters = rows.values_list("pk").query.sql_with_params()
        return self._read(f"ARRAY({sql})", parameters)

    def _read(self, among, parameters):
        before, after, converters = self._written
        with connection.cursor() as cursor:
            cursor.execute(f"{before}= ANY({among}){after}", parameters)
            found = cursor.fetchall()
        if converters:
            found = self._query.get_compiler(connection=connection).apply_converters(found, converters)
        return found
