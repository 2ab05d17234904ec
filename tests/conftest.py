"""Fixtures for all tests. Every test runs with real commits, as the product does: no transaction around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper as Postgres
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from django.db.models.signals import post_migrate
from hypothesis import settings as hypothesis_settings

from music.exchange.views import import_buckets
from music.resources import counts
from playlist.clock import clock_settle
from playlist.identity import Actor
from playlist.models import MAIN_SLUG, Clock, Playlist
from playlist.rest import throttles
from playlist.selectors.playlists import playlist_id
from tests.rooms import Room, make_tracks, person

#: What the models say stays: to write it anew took half of a test's time.
KEPT_TABLES = {"django_content_type", "auth_permission"}


def _delete_rows(
    self: Any, style: object, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    """Empty the tables that have rows, after a test. To truncate all of them took a third of a second each time."""
    with self.connection.cursor() as cursor:
        names = {table: self.quote_name(table) for table in tables if table not in KEPT_TABLES}
        filled = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in names.items()]
        cursor.execute(" UNION ALL ".join(filled))
        return [f"DELETE FROM {names[table]};" for (table,) in cursor.fetchall()]


for database in (Postgres, Sqlite):
    database.ops_class.sql_flush = _delete_rows  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


# How long an example takes says how busy the machine is, and nothing about the product.
hypothesis_settings.register_profile("any speed", deadline=None)
hypothesis_settings.load_profile("any speed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="keep the recorded session as it is now heard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest file first: a worker that begins it at the end lets the others wait for minutes.
    items.sort(key=lambda item: item.path.parent.name != "faults")
    for item in items:
        if "pure" not in item.keywords:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def fresh_start(request: pytest.FixtureRequest) -> Iterator[None]:
    """`main` exists, and what a process remembers of an earlier database is forgotten."""
    if "pure" in request.keywords:
        yield
        return
    request.getfixturevalue("transactional_db")
    playlist_id.cache_clear()
    counts.cache_clear()
    for buckets in (
        throttles.write_buckets,
        throttles.password_buckets,
        throttles.guest_buckets,
        throttles.link_buckets,
        import_buckets,
    ):
        buckets.cache_clear()
    Clock.objects.create(steps=0)  # else this process would go on with the count of the database before
    clock_settle()
    Playlist.objects.get_or_create(slug=MAIN_SLUG, defaults={"name": "Main", "visibility": "public"})
    yield
    connections.close_all()
    if connection.vendor == "postgresql":
        # Idle connections of a pool would be missing to the servers that other tests start.
        connection.close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def tracks() -> list[str]:
    return make_tracks(12)


@pytest.fixture
def room(tracks: list[str]) -> Room:
    return Room.open()


@pytest.fixture
def alice(room: Room) -> Actor:
    return room.host


@pytest.fixture
def bob(room: Room) -> Actor:
    from playlist.types import ParticipantJoin

    actor = person("Bob")
    room.do(ParticipantJoin(), by=actor)
    return actor


@pytest.fixture
def charlie() -> Actor:
    return person("Charlie")
