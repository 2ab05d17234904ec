"""Where data is kept: the data folder, the secret key, the database."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from playlist_backend.environment import Environment, WrongSetting

_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=16777216; PRAGMA synchronous=FULL; "
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
)


def data_folder(environment: Environment, base: Path) -> Path:
    """DATA_DIR, created if missing, for its owner alone. A relative path begins at `base`. Raises WrongSetting."""
    folder = (base / environment.DATA_DIR).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "static").mkdir(exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, "it cannot be written to")
    return folder


def _unusable(folder: Path, reason: str) -> WrongSetting:
    return WrongSetting(f"DATA_DIR {folder} cannot be used: {reason}.")


def secret_key(environment: Environment, folder: Path) -> str:
    """SECRET_KEY, or a key generated once and kept in the data folder. Raises WrongSetting."""
    if environment.SECRET_KEY:
        return environment.SECRET_KEY
    path = folder / "secret_key"
    try:
        return _made_once(path, secrets.token_urlsafe(48))
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(folder, f"{path.name} cannot be read or written ({error})") from None


def _made_once(path: Path, text: str) -> str:
    """The text of this file, which one of several processes writes. Not by a hard link: many file systems have none."""
    for _ in range(2):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if found := _read_when_written(path):
                return found
            path.unlink(missing_ok=True)  # its creator died before writing
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
            return text
    raise OSError("another process keeps emptying it")


def _read_when_written(path: Path) -> str:
    """The text of the file; "" if it stays empty for a second."""
    for _ in range(20):
        if found := path.read_text().strip():
            return found
        time.sleep(0.05)
    return ""


def on_sqlite(environment: Environment) -> bool:
    """Whether the database is a file of SQLite rather than PostgreSQL."""
    return not environment.DATABASE_URL or environment.DATABASE_URL.startswith("sqlite:")


def database(environment: Environment, folder: Path, base: Path) -> dict[str, object]:
    """Django's settings for the database. A relative path of SQLite begins at `base`."""
    if on_sqlite(environment):
        url = environment.DATABASE_URL
        path = base / unquote(url.removeprefix("sqlite:///")) if url else folder / "playlist.sqlite3"
        return _sqlite(path)
    return _postgresql(environment)


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "playlist_backend.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # A write transaction must wait at its beginning: one that began as a read cannot become a write.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": _PRAGMAS,
        },
        # Threads are few and long-lived, so each keeps its connection.
        "CONN_MAX_AGE": None,
    }


def _postgresql(environment: Environment) -> dict[str, object]:
    parts = urlsplit(environment.DATABASE_URL)
    # Not parts.hostname: that is in lower case, and the folder of a Unix socket may not be.
    host = parts.netloc.rpartition("@")[2]
    if parts.port is not None:
        host = host.rpartition(":")[0]
    threads = environment.WRITER_THREADS + environment.HTTP_THREADS + environment.READER_THREADS
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host.strip("[]")),
        "PORT": parts.port or "",
        "OPTIONS": {
            **dict(parse_qsl(parts.query)),
            "pool": {"min_size": 2, "max_size": threads + 8, "timeout": 10},
        },
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
    }
