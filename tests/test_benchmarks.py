"""The benchmarks' house can be loaded, and everybody in it finds their pages."""

import datetime

from benchmarks.house import Size, load_house

TODAY = datetime.date(2026, 3, 17)


def test_house_loads(committed_database):
    connection = committed_database.owner_connection()
    counts = load_house(connection, Size(2, 6), TODAY)
    print({m.__name__: n for m, n in counts.items()})
    connection.close()
