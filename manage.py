#!/usr/bin/env python
"""Django's command line; it brings its own PostgreSQL and Valkey where none are given."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            f"{error}. Prepare the environment with `make install`, then run "
            "`.venv/bin/python manage.py COMMAND`."
        ) from error
    from deploy.launcher.command import servers_for_command

    with servers_for_command(sys.argv[1:]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
