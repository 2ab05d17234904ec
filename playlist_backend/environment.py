"""Every setting of an operator: name, type, valid values, default, and one sentence of help.

Values come from the environment, else from .env; an empty one means the default. The tables in docs/operations.md and
.env.example are generated from here: `python -m playlist_backend.handbook`.
"""

from __future__ import annotations

import difflib
import os
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_type_hints

from msgspec import Struct

from playlist_backend import values
from playlist_backend.dotenv import NoDotenv, read_dotenv
from playlist_backend.values import Kind, Network, number, whole

_DAY = 24 * 3600

Flag = Annotated[bool, values.flag]
Seconds = Annotated[float, number(0.001, _DAY)]
Rate = Annotated[float, number(0.001, 1_000_000)]
Count = Annotated[int, whole(1, 1_000_000)]
Threads = Annotated[int, whole(1, 1000)]
Bytes = Annotated[int, whole(1024, 2**30)]
Megabytes = Annotated[int, whole(1, 10**9)]
Origins = Annotated[tuple[str, ...], values.origins]

#: The heading over a setting and those behind it.
HEADINGS = {
    "HOST": "Where it runs",
    "PUBLIC_URL": "Who may come in",
    "REST_WRITES_PER_SECOND": "What people may do",
    "FRAME_IN_BYTES": "Sockets and connections",
    "EVENTS_KEPT_DAYS": "What is kept",
    "LOG_LEVEL": "What it says",
    "HTTP_THREADS": "Machinery; the defaults are good",
}


class WrongSetting(Exception):
    """A setting that cannot be used: one sentence that names it."""


class Environment(Struct, frozen=True, kw_only=True):
    """One field a setting: its type, its kind, and a sentence for the operator."""

    HOST: Annotated[str, values.interface, "Address to listen on; 0.0.0.0 lets phones in."] = "0.0.0.0"  # noqa: S104
    PORT: Annotated[int, whole(1, 65_535), "Port to listen on."] = 8000
    DATA_DIR: Annotated[Path, values.folder, "Folder of the database, the secret key and the lock."] = Path("data")
    DATABASE_URL: Annotated[str, values.database_url, "The database; without it SQLite in `DATA_DIR`."] = ""
    REDIS_URL: Annotated[str, values.redis_url, "Redis, which several processes need."] = ""
    MUSIC_DIR: Annotated[
        tuple[Path, ...], values.folders, "Folders of music, which are scanned at the start and watched."
    ] = ()
    TIME_ZONE: Annotated[
        str, values.time_zone, "Time zone of pages without scripts, such as `Europe/Berlin`; else the machine's."
    ] = ""
    SECRET_KEY: Annotated[
        str,
        values.secret_key,
        "Signs sessions and names the cookies; without it one is made in `DATA_DIR`. Several processes share one.",
    ] = ""
    PRODUCTION: Annotated[Flag, "Keep out pages from other ports of this machine, and log requests as JSON."] = False
    DEBUG: Annotated[Flag, "For development only: tracebacks in answers, and pages read anew."] = False
    DRAIN_DELAY_SECONDS: Annotated[
        float, number(0, 600), "How long `/readyz` says that the server stops before connections are let go."
    ] = 0.0

    PUBLIC_URL: Annotated[
        str, values.site, "What people open where a proxy stands in front. What is behind the host does not count."
    ] = ""
    ALLOWED_HOSTS: Annotated[
        tuple[str, ...], values.hosts, "Names that it answers to, beside its own, localhost and every address."
    ] = ()
    ALLOWED_ORIGINS: Annotated[Origins, "Other web origins whose pages may use it."] = ()
    COVER_ORIGINS: Annotated[Origins, "Where covers may come from, beside this server."] = ()
    TRUSTED_PROXIES: Annotated[
        tuple[Network, ...], values.networks, "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."
    ] = ()
    OPEN_MAIN: Annotated[Flag, "Whether callers without an identity may change the playlist `main`."] = True
    OPEN_SIGNUP: Annotated[Flag, "Whether anybody may register an account."] = True
    MEDIA_ACCEL: Annotated[
        str,
        values.accel,
        "How the proxy in front is told to send a file itself: `X-Sendfile` for Caddy, its internal path for nginx.",
    ] = ""
    LIBRARY_EDITORS: Annotated[
        str,
        values.one_of("staff", "owners", "accounts"),
        "Who edits the library: `owners` lets accounts add tracks and change their own, and staff change all.",
    ] = "owners"
    UPLOADS: Annotated[str, values.one_of("accounts", "staff", "off"), "Who uploads music."] = "accounts"

    REST_WRITES_PER_SECOND: Annotated[Rate, "Requests that change something, for each person."] = 20.0
    REST_WRITES_BURST: Annotated[Count, "How many of them may come at once."] = 300
    GUESTS_PER_SECOND: Annotated[Rate, "People that are made, for each address."] = 2.0
    GUESTS_BURST: Annotated[Count, "How many of them may come at once, like a whole party."] = 200
    PEOPLE_PER_ADDRESS_DAILY: Annotated[
        Count, "People, guests and accounts, that may be made from one address in a day."
    ] = 2000
    ADDRESS_PEOPLE: Annotated[
        Count, "People's worth of boosts, waiting songs and skip votes that those of one address gain in a room."
    ] = 20
    ROOMS_PER_PERSON: Annotated[Count, "Rooms that one person may host at a time."] = 100
    ROOMS_PER_PERSON_DAILY: Annotated[Count, "Rooms that one person may start in a day."] = 50
    ROOMS_PER_ADDRESS_DAILY: Annotated[Count, "Rooms that may be started from one address in a day."] = 300
    AUDIO_AT_ONCE: Annotated[Count, "Songs that one person, or an address without an identity, may be taking."] = 50
    WINDOWS_PER_SECOND: Annotated[
        Rate, "Pieces of music for each person; a device that plays takes one in 5 seconds."
    ] = 10.0
    PASSWORDS_PER_SECOND: Annotated[Rate, "Passwords that are checked or set, for each address."] = 1.0
    PASSWORDS_BURST: Annotated[Count, "How many of them may come at once."] = 20
    PASSWORD_THREADS: Annotated[Threads, "Passwords that are hashed at once, each on a core of its own."] = 2
    PASSWORDS_WAITING: Annotated[
        int, whole(0, 1000), "How many may wait for that, in up to half of `HTTP_THREADS`; others get 429."
    ] = 4
    LOGIN_FAILURE_LIMIT: Annotated[Count, "Wrong passwords for one account from one address before it must wait."] = 10
    LOGIN_LOCKOUT_SECONDS: Annotated[int, whole(1, _DAY), "How long it must wait then."] = 300
    WRONG_LINKS_PER_MINUTE: Annotated[
        Count, "Wrong secrets of host and wall links that an address may try in a minute."
    ] = 10
    MAX_BODY_BYTES: Annotated[Bytes, "The largest request of JSON."] = 1024 * 1024
    IMPORT_BODY_BYTES: Annotated[Bytes, "The largest playlist file that is imported."] = 2 * 1024 * 1024
    IMPORTS_PER_HOUR: Annotated[Count, "Playlist files that one person may import."] = 10
    UPLOAD_LIMIT_MB: Annotated[Megabytes, "The largest file that may be uploaded."] = 200
    UPLOAD_QUOTA_MB: Annotated[Megabytes, "What one person may store of uploads."] = 2000
    STORAGE_RESERVE_MB: Annotated[
        int, whole(0, 10**9), "What uploads leave free on the disk, for the database above all."
    ] = 1024
    UPLOAD_PROGRESS_SECONDS: Annotated[
        Seconds, "An upload that brings less than 64 kB a second for so long is ended."
    ] = 10.0

    FRAME_IN_BYTES: Annotated[Bytes, "The largest frame from a client."] = 16 * 1024
    FRAME_OUT_BYTES: Annotated[Bytes, "The largest frame to a client; longer snapshots come in pages."] = 256 * 1024
    COMMANDS_PER_SECOND: Annotated[Rate, "Commands on one socket."] = 20.0
    COMMANDS_BURST: Annotated[Count, "How many of them may come at once."] = 40
    COMMANDS_IN_FLIGHT: Annotated[Count, "Commands on one socket that may wait for their answers."] = 32
    UNREAD_FRAMES: Annotated[Count, "Frames of changes that may wait for one reader."] = 256
    UNREAD_BYTES: Annotated[Bytes, "Bytes of changes that may wait for one reader."] = 512 * 1024
    STALLED_SECONDS: Annotated[Seconds, "How long a reader may lag beyond that before it is let go with 4408."] = 10.0
    RESUME_EVENTS: Annotated[Count, "More missed events than that come as a snapshot."] = 500
    HELLO_SECONDS: Annotated[Seconds, "How long a `playlist.v1` client may take for its hello."] = 10.0
    PING_SECONDS: Annotated[Seconds, "How often clients are pinged."] = 15.0
    PONG_SECONDS: Annotated[Seconds, "A `playlist.v1` client that answers no ping for so long is let go."] = 45.0
    TRANSPORT_PING_SECONDS: Annotated[Seconds, "How often the WebSocket layer pings clients in plain mode."] = 20.0
    TRANSPORT_PONG_SECONDS: Annotated[Seconds, "How long it waits for the answer."] = 35.0
    STUCK_SECONDS: Annotated[Seconds, "How long the kernel waits for a peer that takes nothing."] = 30.0
    REQUEST_SECONDS: Annotated[
        Seconds, "How long a request may take to arrive; so long may a connection idle first."
    ] = 30.0

    EVENTS_KEPT_DAYS: Annotated[
        int, whole(1, 36_500), "How long the log is kept, with what is undone and brought back by it."
    ] = 30
    HISTORY_KEPT_DAYS: Annotated[int, whole(1, 36_500), "How long it is kept what was played, and when."] = 3650
    OPERATIONS_KEPT_HOURS: Annotated[int, whole(1, 8784), "How long answers to idempotency keys are remembered."] = 24
    GUESTS_KEPT_DAYS: Annotated[int, whole(1, 36_500), "How long guests are kept who never came into a room."] = 30
    CHECKPOINT_EVENTS: Annotated[
        int, whole(10, 100_000), "How many events lie between two checkpoints, from which the past of a room is told."
    ] = 500
    CHECKPOINT_CHECK_SECONDS: Annotated[Seconds, "How often a process looks whether checkpoints are due."] = 60.0
    UPKEEP_CHECK_SECONDS: Annotated[Seconds, "How often a process looks whether the daily upkeep is due."] = 600.0

    LOG_LEVEL: Annotated[
        str, values.one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "The least important lines that it logs."
    ] = "INFO"
    LOG_FORMAT: Annotated[
        Literal["", "text", "json"], values.one_of("text", "json"), "Text, or with `PRODUCTION` JSON, unless it is set."
    ] = ""
    ACCESS_LOG: Annotated[
        bool | None, values.flag, "A line for each request and connection; with `PRODUCTION` true unless it is set."
    ] = None
    METRICS_TOKEN: Annotated[
        str, values.bearer_token, "Opens `/metrics` to callers beyond this machine: `Authorization: Bearer …`."
    ] = ""

    HTTP_THREADS: Annotated[Threads, "Requests that are worked on at once."] = 40
    READER_THREADS: Annotated[Threads, "Reads for sockets at once."] = 8
    DISK_THREADS: Annotated[Threads, "Reads of music files at once, where a disk is waited for."] = 4
    WRITER_THREADS: Annotated[Threads, "Commits at once on PostgreSQL; SQLite has one."] = 4
    WRITER_BATCH_LIMIT: Annotated[Count, "Submissions in one commit."] = 128
    WRITER_QUEUE_LIMIT: Annotated[Count, "Submissions that may wait; beyond that callers get 503."] = 4096
    WRITE_TIMEOUT_SECONDS: Annotated[Seconds, "How long a request waits for its commit."] = 30.0
    FRAME_WINDOW_SECONDS: Annotated[Seconds, "At most one frame of changes goes out in so long."] = 0.05
    SNAPSHOT_WINDOW_SECONDS: Annotated[Seconds, "Everybody who joins within it shares a snapshot."] = 1.0
    POLL_SECONDS: Annotated[Seconds, "How soon a change is found of which no other process told."] = 3.0
    LOG_READ_LIMIT: Annotated[Count, "Events read from the log at once."] = 1000
    RECENT_BYTES: Annotated[Bytes, "Events of one playlist kept in memory for readers who were away shortly."] = (
        1024 * 1024
    )
    START_LEAD_MS: Annotated[
        int, whole(0, 10_000), "What a person starts begins so much later, so that every speaker begins with it."
    ] = 300
    CHAIN_LIMIT_MS: Annotated[
        int, whole(0, 60_000), "A song starts where the one before ended if the server is at most so late."
    ] = 2_000
    FOLLOW_LIMIT_SECONDS: Annotated[
        int, whole(0, 86_400), "How much of what speakers played while the server was down is recorded afterwards."
    ] = 3_600
    PRESENCE_LEASE_SECONDS: Annotated[Seconds, "How often a process tells the others who is there."] = 15.0
    PRESENCE_FORGET_SECONDS: Annotated[Seconds, "A process that was silent for so long is forgotten."] = 45.0
    MEMBERSHIP_RENEWAL_SECONDS: Annotated[Seconds, "For channel layers whose memberships run out."] = 3600.0


def _declared() -> dict[str, tuple[Kind, str]]:
    hints = get_type_hints(Environment, include_extras=True)
    return {name: hint.__metadata__ for name, hint in hints.items()}


#: The kind of each setting, and its help.
DECLARED = _declared()

_short = reprlib.Repr()
_short.maxstring = 60


def load(dotenv: Path) -> Environment:
    """The settings of the environment, and of this file where the environment lacks them. Raises WrongSetting."""
    try:
        written = read_dotenv(dotenv)
    except NoDotenv as error:
        raise WrongSetting(str(error)) from None
    for name in written.keys() - DECLARED.keys():
        meant = difflib.get_close_matches(name.upper(), DECLARED, n=1, cutoff=0.88)
        if meant:
            raise WrongSetting(f"{name} in {dotenv} is no setting: {meant[0]} is.")
    return read({**written, **os.environ})


def read(given: Mapping[str, str]) -> Environment:
    """The settings that these texts stand for. Raises WrongSetting."""
    found = {}
    for name, (kind, _) in DECLARED.items():
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            found[name] = kind.read(text)
        except ValueError:
            shown = "" if kind.secret else f", not {_short.repr(text)}"
            raise WrongSetting(f"{name} must be {kind.must_be}{shown}.") from None
    environment = Environment(**found)
    _check_together(environment)
    return environment


def _check_together(environment: Environment) -> None:
    """Check the settings that depend on one another. Raises WrongSetting."""
    if environment.PRODUCTION and environment.DEBUG:
        raise WrongSetting("DEBUG shows strangers the program's inside: it cannot be true with PRODUCTION.")
    if environment.REDIS_URL and not environment.SECRET_KEY:
        raise WrongSetting("SECRET_KEY must be set beside REDIS_URL: several processes must share one.")
    if environment.PONG_SECONDS <= environment.PING_SECONDS:
        raise WrongSetting("PONG_SECONDS must be more than PING_SECONDS, or nobody can answer in time.")
    if environment.PRESENCE_FORGET_SECONDS <= environment.PRESENCE_LEASE_SECONDS:
        raise WrongSetting("PRESENCE_FORGET_SECONDS must be more than PRESENCE_LEASE_SECONDS.")
