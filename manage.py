#!/usr/bin/env python
"""Django's command line. `python3 run.py manage …` calls it inside the project's environment."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from playlist.errors import reason_of
from playlist_backend.environment import WrongSetting

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playlist_backend.settings")
    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as error:
        sys.exit(f"A setting is wrong: {error}")
    except OperationalError as error:
        sys.exit(f"The database cannot be used: {reason_of(error)}. DATABASE_URL and DATA_DIR say which one it is.")
