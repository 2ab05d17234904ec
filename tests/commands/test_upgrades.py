"""A database of an earlier version becomes one of this version, with what people have in it."""

from __future__ import annotations

import importlib
import logging
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from msgspec.structs import replace

from playlist import accounts, library, types
from playlist.models import Play, Playlist, Track, User
from playlist.selectors.filters import Filters
from playlist.selectors.library import tracks
from tests.commands.test_rules import NEEDS, may

PASSWORD = "a long pass phrase 77"

#: (old version, what is put into it) → the database as it is now.
Upgrade = Callable[[str, Callable[[Any], None]], None]


def newest() -> list[tuple[str, str]]:
    """Of the product's own apps: going back takes the tables of music along, which stand on the library's."""
    return [
        node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] in ("playlist", "music")
    ]


@pytest.fixture
def upgrade() -> Iterator[Upgrade]:
    """Brings the empty database back to an earlier version, fills it, and migrates."""

    def run(version: str, fill: Callable[[Any], None]) -> None:
        executor = MigrationExecutor(connection)
        old = [("playlist", version)]
        executor.migrate(old)
        fill(executor.loader.project_state(old).apps.get_model)
        MigrationExecutor(connection).migrate(newest())

    yield run
    MigrationExecutor(connection).migrate(newest())


def test_accounts_that_differ_by_case_or_form_keep_working_and_are_reported(
    upgrade: Upgrade, caplog: pytest.LogCaptureFixture
) -> None:
    composed, decomposed = "josé", unicodedata.normalize("NFD", "josé")
    names = ["zoë", "ZOË", composed, decomposed, "DJ", "anna"]

    def fill(model: Any) -> None:
        users = model("playlist", "User").objects
        for name in names:
            users.create(username=name, name=name, password=make_password(PASSWORD + name))
        users.create(username="guest-1", name="dj", password=make_password(None))

    with caplog.at_level(logging.WARNING):
        upgrade("0006_found_by_index", fill)

    for name in names:
        user = User.objects.get(username=accounts.username_like(name))
        assert user.check_password(PASSWORD + name), name
    assert accounts.username_like("Zoë") == "zoë", "the older one"
    assert accounts.username_like("JOSÉ") == composed
    assert accounts.username_like("Anna") == "anna"
    assert accounts.username_like("dj") == "DJ"
    assert [record.getMessage().split(" have ")[0] for record in caplog.records if "capitals" in record.msg] == [
        f"The accounts {older!r} (id {User.objects.get(username=older).pk}) and {newer!r} "
        f"(id {User.objects.get(username=newer).pk})"
        for older, newer in (("zoë", "ZOË"), (composed, decomposed))
    ]


def test_the_library_of_an_earlier_version_is_found_in_every_script(upgrade: Upgrade) -> None:
    entries = [
        ("周杰伦", "稻香"),
        ("𝓒𝓱𝓲𝓵𝓵", "𝐙𝐞𝐛𝐫𝐚"),
        ("!!!", "“Heart”"),
        *((f"Artist {n}", "Song") for n in range(1200)),
    ]

    def fill(model: Any) -> None:
        artists, tracks, found = (model("playlist", name).objects for name in ("Artist", "Track", "SearchEntry"))
        for number, (artist, title) in enumerate(entries):
            track = tracks.create(
                id=f"track-{number}",
                title=title,
                artist=artists.create(name=artist, folded=artist.casefold()),
                duration_seconds=9,
                genre="𝐋𝐨𝐟𝐢",
                genre_folded="𝐋𝐨𝐟𝐢".casefold(),
                sort_key=title.casefold(),
            )
            found.create(track=track, text=f"  {title.casefold()}  {artist.casefold()}")

    upgrade("0006_found_by_index", fill)

    for query, number in (("杰伦", 0), ("香", 0), ("zebra", 1), ("chill", 1), ("!!!", 2), ("1199", 1202)):
        page = tracks(query=query, filters=Filters(genre="lofi"), limit=20, cursor=None)
        assert [track.pk for track in page.rows] == [f"track-{number}"], query
    assert [track.title for track in tracks(filters=Filters(artist="chill"), limit=1, cursor=None).rows] == ["𝐙𝐞𝐛𝐫𝐚"]
    titles = [track.title for track in tracks(limit=1, cursor=None).rows]
    assert titles == ["“Heart”"], "sorted anew"
    wide = types.NewTrack(title="龍" * 500, artist="🎸" * 500, album="é" * 500, genre="🎸" * 50, duration_seconds=1)
    library.tracks_import([("wide", wide)])
    assert Track.objects.get(pk="wide").title == "龍" * 500


def test_an_interrupted_upgrade_begins_again(upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(model: Any) -> None:
        artist = model("playlist", "Artist").objects.create(name="周杰伦", folded="x")
        track = model("playlist", "Track").objects.create(
            id="track-1", title="稻香", artist=artist, duration_seconds=9, sort_key="x"
        )
        model("playlist", "SearchEntry").objects.create(track=track, text="  x")

    migration = importlib.import_module("playlist.migrations.0011_search_in_every_script")
    indexed_text = migration.indexed_text
    monkeypatch.setattr(migration, "indexed_text", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upgrade("0006_found_by_index", fill)
    monkeypatch.setattr(migration, "indexed_text", indexed_text)
    MigrationExecutor(connection).migrate(newest())
    page = tracks(query="杰", limit=20, cursor=None)
    assert [track.pk for track in page.rows] == ["track-1"]


def test_what_was_played_is_known_by_its_track(upgrade: Upgrade) -> None:
    def fill(model: Any) -> None:
        room = model("playlist", "Playlist").objects.create(slug="friday", name="Friday")
        told = {"playlist": room, "added_by": "Anna", "played_at": timezone.now()}
        for number, track_json in enumerate(('{"id":"track-1","title":"A"}', '{"title":"\\"id\\":","id":"ü/2"}')):
            model("playlist", "Play").objects.create(item_id=UUID(int=number), track_json=track_json, **told)

    upgrade("0019_search_by_fields", fill)

    assert list(Play.objects.order_by("id").values_list("track_id", flat=True)) == ["track-1", "ü/2"]


def test_rooms_of_an_earlier_version_allow_what_they_allowed(upgrade: Upgrade) -> None:
    def fill(model: Any) -> None:
        for policy in ("open", "hosted"):
            room = model("playlist", "Playlist").objects.create(slug=f"{policy}-room", name=policy, policy=policy)
            user = model("playlist", "User").objects.create(username=f"guest-{policy}", name="Anna", password="!")
            model("playlist", "Participant").objects.create(playlist=room, user=user)

    upgrade("0019_search_by_fields", fill)

    for policy in ("open", "hosted"):
        playlist = Playlist.objects.get(slug=f"{policy}-room")
        member = playlist.participants.get()
        assert (member.role, member.visited_at) == ("participant", member.joined_at)
        assert playlist.rules == replace(types.NO_RULES, guests=types.PRESETS[policy])
        for right, commands in NEEDS.items():
            for command in commands:
                assert may(command, playlist) == (policy == "open" or right in ("add", "vote", "downvote"))
