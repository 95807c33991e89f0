"""`./run bench million [--rows N]`: questions asked of a million rows, with their time inside the database."""

import argparse
import os
import sys

import django

NAMES = ("million",)


def main(arguments):
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="million", choices=NAMES)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="how many milestones, and how many history rows"
    )
    parser.add_argument("--plans", action="store_true", help="print the whole plan of every question")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctms.settings")
    django.setup()
    from benchmarks import million  # models exist from here on

    return million.run(rows=chosen.rows, plans=chosen.plans)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
