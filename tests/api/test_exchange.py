"""Export and import by REST: what goes out comes back, and what a file may do to a queue."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from music.exchange.formats import FORMATS, FormatName
from music.models import AudioFile, digest_of
from playlist import library, types
from playlist.models import Playlist, Track, User
from tests.api.client import Answer, Api, guest

pytestmark = pytest.mark.usefixtures("tracks")


def exported(name: FormatName, what: str = "queue", client: Client | None = None) -> bytes:
    response = (client or Client()).get(
        f"/api/playlists/main/export?format={name}&what={what}", SERVER_NAME="localhost"
    )
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"].partition(";")[0] == FORMATS[name].content_type
    return bytes(response.content)


def imported(api: Api, body: bytes, **headers: str) -> Answer:
    return api.post("playlists/main/import", body, Content_Type="application/octet-stream", **headers)


def queue(api: Api) -> list[str]:
    return [item["track_id"] for item in api.get("playlist").json]


def empty(api: Api) -> None:
    for item in api.get("playlist").json:
        api.delete(f"playlist/{item['id']}")


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create(username="operator", is_staff=True))
    return client


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A music folder with a file for track-3, which nobody reads."""
    settings.MUSIC_DIR = (tmp_path,)
    path = os.fsencode(tmp_path / "Ärger" / "01 #1 50%.mp3")
    track = Track.objects.get(pk="track-3")
    AudioFile.objects.create(
        track=track, path=path, path_digest=digest_of(path), size=1, mtime_ns=1, mb_recording=uuid4(), duration_ms=1000
    )
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_exported_comes_back_whole(api: Api, name: FormatName) -> None:
    for number in (3, 1, 2):
        api.post("playlist", {"track_id": f"track-{number}"})
    body = exported(name)
    empty(api)
    answer = imported(api, body)
    assert answer.status == 200
    assert [item["track_id"] for item in answer.json["added"]] == queue(api) == ["track-3", "track-1", "track-2"]
    assert answer.json["skipped"] == answer.json["missing"] == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("by", ["operator", "guest"])
def test_files_are_found_again_and_paths_are_for_operators(
    api: Api, staff: Client, folder: Path, name: FormatName, by: str
) -> None:
    api.post("playlist", {"track_id": "track-3"})
    body = exported(name, client=staff if by == "operator" else None)
    assert os.fsencode(folder) not in body
    assert (b"50%" in body) is (by == "operator")
    assert (b"/media/audio/track-3" in body) is (by == "guest")
    empty(api)
    Track.objects.filter(pk="track-3").update(title="Another title")  # so that only the file tells
    assert [item["track_id"] for item in imported(api, body).json["added"]] == ["track-3"]


@pytest.mark.parametrize(
    "location",
    [
        "{folder}/Ärger/01 #1 50%.mp3",
        "file://{folder}/%C3%84rger/01%20%231%2050%25.mp3",
        "file:///D:/Musik/%C3%84rger/01%20%231%2050%25.mp3",
        "D:\\Musik\\Ärger\\01 #1 50%.mp3",
        "../../Ärger/01 #1 50%.mp3",
        "../A\u0308rger/01 #1 50%.mp3",
        "smb://anna@nas/music/Ärger/01 #1 50%.mp3",
        "nfs://10.0.0.2/music/%C3%84rger/01%20%231%2050%25.mp3",
        "Ärger\\01 #1 50%.mp3",
        "http://localhost/media/audio/track-3",
        "/media/audio/track-3",
        "http://localhost/api/tracks/track-3/",
    ],
)
def test_a_file_is_found_by_any_way_to_name_it(api: Api, folder: Path, location: str) -> None:
    answer = imported(api, f"#EXTM3U\n{location.format(folder=folder)}\n".encode())
    assert [item["track_id"] for item in answer.json["added"]] == ["track-3"], answer.json


def test_a_music_folder_behind_a_link_is_the_one_that_was_scanned(
    api: Api, staff: Client, folder: Path, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> None:
    link = tmp_path_factory.mktemp("home") / "Music"
    link.symlink_to(folder)
    settings.MUSIC_DIR = (link,)
    api.post("playlist", {"track_id": "track-3"})
    body = exported("m3u8", client=staff)
    assert "\nÄrger/01 #1 50%.mp3\n" in body.decode()
    empty(api)
    Track.objects.filter(pk="track-3").update(title="Another title")
    assert [item["track_id"] for item in imported(api, body).json["added"]] == ["track-3"]


@pytest.mark.once
@pytest.mark.parametrize(
    "location",
    [
        "{folder}/../{name}/Ärger/../../../etc/passwd",
        "/etc/passwd",
        "http://elsewhere.example/media/audio/track-3",
        "http://localhost/media/audio/track-3/../track-1",
        "http://[/media/audio/track-3",
        "ftp://localhost/media/audio/track-3",
    ],
)
def test_a_path_that_leaves_the_library_and_a_foreign_address_find_nothing(
    api: Api, folder: Path, location: str
) -> None:
    text = location.format(folder=folder, name=folder.name)
    answer = imported(api, f"#EXTM3U\n{text}\n".encode())
    assert (answer.json["added"], [each["line"] for each in answer.json["missing"]]) == ([], [2])


def test_a_song_is_found_by_its_names_and_length(api: Api) -> None:
    library.tracks_import(
        [
            ("live", types.NewTrack(title="Ácé", artist="Motörhead", duration_seconds=300)),
            ("studio", types.NewTrack(title="Ace", artist="Motorhead", duration_seconds=174)),
        ]
    )
    table = b"title,artist,duration\nACE,MOTORHEAD,2:52\nAce,Motorhead,4:00\nAce,Motorhead,302\nAce,Nobody,174\n"
    answer = imported(api, table)
    assert [item["track_id"] for item in answer.json["added"]] == ["studio", "live"]
    missing = [{"line": 3, "title": "Ace", "artist": "Motorhead"}, {"line": 5, "title": "Ace", "artist": "Nobody"}]
    assert answer.json["missing"] == missing


def test_a_pasted_list_in_either_order_is_found(api: Api) -> None:
    library.tracks_import([("tnt", types.NewTrack(title="T.N.T.", artist="AC/DC", duration_seconds=214))])
    pasted = ["Artist 1 - Song 1", "Song 2 - Artist 2", "AC/DC - T.N.T.", "R.E.M. - Nobody", "01 Nobody.mp3"]
    pasted += ["file:///m/No%20One/Live/02%20Nobody%20Else.mp3", "http://elsewhere.example/a%20b.mp3"]
    answer = imported(api, "\n".join(pasted).encode())
    assert [item["track_id"] for item in answer.json["added"]] == ["track-1", "track-2", "tnt"]
    assert answer.json["missing"] == [
        {"line": 4, "title": "Nobody", "artist": "R.E.M."},
        {"line": 5, "title": "Nobody", "artist": ""},
        {"line": 6, "title": "Nobody Else", "artist": "No One"},
        {"line": 7, "title": "http://elsewhere.example/a%20b.mp3", "artist": ""},
    ]


def test_queued_and_repeated_songs_are_skipped_with_their_lines(api: Api) -> None:
    api.post("playlist", {"track_id": "track-2"})
    lines = b"/media/audio/track-1\n/media/audio/track-2\n\n/media/audio/track-1\n/media/audio/track-9\n"
    answer = imported(api, lines)
    assert queue(api) == ["track-2", "track-1", "track-9"]
    assert answer.json["skipped"] == [
        {"line": 2, "reason": "DUPLICATE_TRACK"},
        {"line": 4, "reason": "DUPLICATE_TRACK"},
    ]


def test_what_the_room_takes_is_added_and_the_rest_named(api: Api) -> None:
    Playlist.objects.filter(slug="main").update(max_queued_per_person=5)
    answer = imported(api, b"".join(b"/media/audio/track-%d\n" % number for number in range(1, 13)))
    assert len(answer.json["added"]) == 5
    assert {each["reason"] for each in answer.json["skipped"]} == {"LIMIT_REACHED"}
    assert [each["line"] for each in answer.json["skipped"]] == [6, 7, 8, 9, 10, 11, 12]


def test_a_song_that_is_gone_does_not_keep_the_others_out(api: Api) -> None:
    Track.objects.filter(pk="track-2").update(missing_since="2026-01-01T00:00:00Z")
    answer = imported(api, b"/media/audio/track-1\n/media/audio/track-2\n/media/audio/track-3\n")
    assert queue(api) == ["track-1", "track-3"]
    assert [each["line"] for each in answer.json["missing"]] == [2]


def test_a_repeated_import_has_one_effect(api: Api) -> None:
    ben = guest("Ben")
    first = imported(ben, b"/media/audio/track-1\n", Idempotency_Key="once")
    ben.delete(f"playlist/{first.json['added'][0]['id']}")
    assert imported(ben, b"/media/audio/track-1\n", Idempotency_Key="once").json == first.json
    assert queue(api) == []


@pytest.mark.once
def test_the_size_of_a_file_is_limited(api: Api, settings: Any) -> None:
    body = b"/media/audio/track-1\n".ljust(settings.IMPORT_BODY_BYTES, b"\n")
    assert imported(api, body).status == 200
    assert (imported(api, body + b"\n").status, imported(api, body + b"\n").code) == (413, "TOO_LARGE")


@pytest.mark.once
@pytest.mark.parametrize("body", [b"", b"\0\1\2"])
def test_what_is_no_playlist_is_refused(api: Api, body: bytes) -> None:
    answer = imported(api, body)
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")


@pytest.mark.once
def test_imports_are_limited_for_each_person(api: Api, settings: Any) -> None:
    ben = guest("Ben")
    answers = [imported(ben, b"a.mp3\n").status for _ in range(settings.IMPORTS_PER_HOUR + 1)]
    assert answers == [200] * settings.IMPORTS_PER_HOUR + [429]
    assert imported(guest("Anna"), b"a.mp3\n").status == 200


def test_the_history_is_exported_as_it_was_heard(api: Api) -> None:
    first, _ = (api.post("playlist", {"track_id": f"track-{number}"}).json for number in (1, 2))
    api.post(f"playlist/{first['id']}/vote", {"direction": "up"})
    for _ in range(2):
        api.post("playlists/main/playback", {"action": "next"})
    table = csv.DictReader(exported("csv", "history").decode("utf-8-sig").splitlines())
    assert [(row["title"], row["votes"]) for row in table] == [("Song 1", "1"), ("Song 2", "0")]


def test_strangers_export_and_import_nothing(api: Api) -> None:
    slug = guest("Anna").post("playlists", {"name": "Hers"}).json["slug"]
    assert api.get(f"playlists/{slug}/export?format=csv").status == 401
    assert api.post(f"playlists/{slug}/import", b"a.mp3").status == 401
    assert guest("Ben").get(f"playlists/{slug}/export?format=csv").status == 403
    silent = {"name": "Listen", "visibility": "public", "rules": {"guests": {"add": False}}}
    slug = guest("Carla").post("playlists", silent).json["slug"]
    assert api.post(f"playlists/{slug}/import", b"nowhere.mp3").status == 401, "also where nothing of it is found"
    assert guest("Ben").post(f"playlists/{slug}/import", b"nowhere.mp3").status == 403


@pytest.mark.once
@pytest.mark.parametrize("query", ["", "format=pdf", "format=csv&what=people"])
def test_an_unknown_format_is_refused(api: Api, query: str) -> None:
    answer = api.get(f"playlists/main/export?{query}")
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
