#!/usr/bin/env python3
"""Django's command line for this product; `./run manage …` calls it with the servers' addresses set."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctms.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
