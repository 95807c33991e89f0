"""
The benchmarks, each on servers of its own.

    ./run bench million [--rows N]        questions asked of a million rows, with their time inside the database
    ./run bench pages [--size SIZE]       every page and its twin in the API: time, queries, bytes, and the floor
    ./run bench users [--users 50]        many at once through gunicorn, and what the first page weighs
"""

import argparse
import os
import sys
from importlib import import_module

import django


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="./run bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    chosen = _options(parser).parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctms.settings")
    if chosen.name != "million":
        # As in production, but for TLS, which a proxy ends.
        os.environ |= {"CTMS_DEMO": "0", "CTMS_SSL_REDIRECT": "0"}
    django.setup()
    import_module("ctms.wsgi")  # what it sets for the process is part of what is measured
    from benchmarks import million, pages, users  # models exist from here on

    if chosen.name == "pages":
        return pages.run(size=chosen.size, times=chosen.times, profile=chosen.profile, only=chosen.only)
    if chosen.name == "users":
        return users.run(size=chosen.size, users=chosen.users, seconds=chosen.seconds, think=chosen.think)
    return million.run(rows=chosen.rows, plans=chosen.plans)


def _options(parser):
    add = parser.add_argument
    add("name", nargs="?", default="million", choices=("million", "pages", "users"))
    add("--rows", type=int, default=1_000_000, help="million: how many milestones, and how many history rows")
    add("--plans", action="store_true", help="million: print the whole plan of every question")
    add(
        "--size",
        default="1",
        choices=("1", "10", "million"),
        help="24 studies and 608 sites, ten times that, or as the first with a million milestones",
    )
    add("--times", type=int, default=20, help="pages: how often each is asked for")
    add("--only", action="append", default=[], help="pages: this page and no other; may be repeated")
    add("--profile", metavar="PAGE", help="pages: where this page spends its time")
    add("--users", type=int, default=50, help="users: how many at once")
    add("--seconds", type=int, default=60, help="users: for how long")
    add("--think", type=float, default=5.0, help="users: mean seconds somebody reads before the next click")
    add("--keep", action="store_true", help="keep the loaded database for the next --keep")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
