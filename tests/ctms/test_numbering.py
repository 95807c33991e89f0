"""Running numbers: none twice, none missing."""

import threading

from django.db import connections, transaction

from ctms.numbering.models import Series


def test_numbers_run_by_their_key(db):
    assert [Series.next_of("site", 7, "IMV") for _ in range(3)] == [1, 2, 3]
    assert Series.next_of("site", 8, "IMV") == 1
    assert str(Series.objects.get(key="site/7/IMV")) == "site/7/IMV: 3"


def test_a_number_from_elsewhere_raises_the_next_and_never_lowers_it(db):
    Series.raise_to(41, "study")
    assert Series.next_of("study") == 42
    Series.raise_to(7, "study")
    assert Series.next_of("study") == 43


def test_a_transaction_that_fails_gives_its_number_back(db):
    Series.next_of("study")
    with transaction.atomic():
        assert Series.next_of("study") == 2
        transaction.set_rollback(True)
    assert Series.next_of("study") == 2


def test_many_at_once_get_each_number_once(committed_database):
    given = []

    def take():
        try:
            for _ in range(5):
                given.append(Series.next_of("race"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(given) == list(range(1, 21))
