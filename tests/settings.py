"""The product's settings for the test suite: a database and a data folder of its own, never the operator's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_data_dir = Path(tempfile.gettempdir()) / f"playlist-tests-{os.getpid()}"
_given = os.environ.get("DATABASE_URL", "")
# .env must not reach in: what is set here wins over it.
os.environ.update(
    DATA_DIR=str(_data_dir),
    DATABASE_URL=_given if _given.startswith("postgres") else f"sqlite:///{_data_dir / 'unused.sqlite3'}",
    SECRET_KEY="for tests only, and long enough to be a key",
    REDIS_URL="",
    MUSIC_DIR="",
    PUBLIC_URL="",
    PRODUCTION="false",
    DEBUG="false",
    OPEN_MAIN="true",
    OPEN_SIGNUP="true",
    # Two test processes and their servers share the 100 connections that PostgreSQL has by default.
    HTTP_THREADS="8",
    READER_THREADS="4",
)

from playlist_backend.settings import *  # noqa: E402, F403
from playlist_backend.settings import DATABASES, ON_SQLITE  # noqa: E402

if ON_SQLITE:
    # A file, since the shared in-memory database answers "table is locked" under threads.
    DATABASES["default"]["TEST"] = {"NAME": str(_data_dir / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
