"""Somebody who tidies up a music folder for years, and knows which song each file is."""

from __future__ import annotations

import random
from collections import Counter

from music.models import AudioFile
from playlist.models import Track
from playlist.selectors.library import listed_tracks
from tests.music.shelf import Shelf

_ARTISTS = 7


class Owner:
    """Does things at random to the files of a shelf, and says afterwards what the library must be."""

    def __init__(self, shelf: Shelf, seed: int) -> None:
        self.shelf = shelf
        self._chance = random.Random(seed)
        self._made = 0
        self._songs = 0
        #: The song at each path.
        self.files: dict[str, int] = {}
        #: The sound and the tags of each song.
        self._content: dict[int, tuple[int, dict[str, str]]] = {}
        self._trash: list[int] = []
        #: Song → track, from the first scan that met it.
        self.tracks: dict[int, str] = {}
        #: What changed of a song since a scan met it. What has other names and another sound at once is another song
        #: to anybody who did not watch.
        self._changed: dict[int, str] = {}

    def begin(self, songs: int) -> None:
        for _ in range(songs):
            self.add()

    def act(self, times: int) -> None:
        deeds = (
            self.add, self.move, self.move, self.retag, self.retag_and_move, self.convert, self.copy, self.delete,
            self.bring_back, self.swap, self.replace,
        )  # fmt: skip
        for _ in range(times):
            self._chance.choice(deeds)()

    def add(self) -> None:
        self._write(self._new_name(), self._new_song())

    def move(self) -> None:
        old, new = self._some_file(), self._new_name()
        self.shelf.move(old, new)
        self.files[new] = self.files.pop(old)

    def retag(self) -> None:
        name = self._some_file(alone=True)
        self._rename_song(self.files[name])
        self._write(name, self.files[name])

    def retag_and_move(self) -> None:
        song = self._remove(self._some_file(alone=True))
        self._rename_song(song)
        self._write(self._new_name(), song)

    def convert(self) -> None:
        """Another encoder: other bytes that sound alike, with the same tags, at another path."""
        song = self._remove(self._some_file(alone=True))
        if self._changed.setdefault(song, "sound") == "sound":
            _, tags = self._content[song]
            self._content[song] = self._next_sound(), tags
        self._write(self._new_name(), song)

    def copy(self) -> None:
        name, new = self._some_file(), self._new_name()
        self.shelf.copy(name, new)
        self.files[new] = self.files[name]

    def delete(self) -> None:
        song = self._remove(self._some_file())
        if song not in self.files.values():
            self._trash.append(song)

    def bring_back(self) -> None:
        if self._trash:
            song = self._trash.pop(self._chance.randrange(len(self._trash)))
            self._write(self._new_name(), song)

    def swap(self) -> None:
        one, other = self._some_file(), self._some_file()
        if one != other:
            self.shelf.move(one, "between.wav")
            self.shelf.move(other, one)
            self.shelf.move("between.wav", other)
            self.files[one], self.files[other] = self.files[other], self.files[one]

    def replace(self) -> None:
        """Another song under the name of one."""
        name = self._some_file()
        song = self._remove(name)
        if song not in self.files.values():
            self._trash.append(song)
        self._write(name, self._new_song())

    def check(self) -> None:
        """Each song is the track that it was, and nothing is there twice."""
        for name, song in sorted(self.files.items()):
            track = self.shelf.track_at(name)
            assert track is not None, f"{name} is no track"
            if song not in self.tracks:
                assert track not in self.tracks.values(), f"the new song at {name} took the place of another one"
                self.tracks[song] = track
            assert track == self.tracks[song], f"{name} is another track by now"
        there = set(self.files.values())
        self._changed = {song: what for song, what in self._changed.items() if song not in there}
        listed = set(listed_tracks().filter(files__isnull=False).values_list("pk", flat=True))
        assert listed == {self.tracks[song] for song in there}
        titles = dict(Track.objects.values_list("pk", "title"))
        for song in there:
            assert titles[self.tracks[song]] == self._content[song][1]["title"]
        present = AudioFile.objects.filter(missing_since__isnull=True)
        assert Counter(file.local_path for file in present) == Counter(
            str(self.shelf.root / name) for name in self.files
        )

    def _some_file(self, *, alone: bool = False) -> str:
        """A file; `alone`: of a song that has no other one, so that it is clear which song it is afterwards."""
        counts = Counter(self.files.values())
        names = sorted(name for name, song in self.files.items() if not alone or counts[song] == 1)
        return self._chance.choice(names)

    def _new_name(self) -> str:
        self._made += 1
        return f"{self._chance.choice('abcdef')}/{self._chance.choice('xyz')}/{self._made}.wav"

    def _next_sound(self) -> int:
        self._made += 1
        return self._made

    def _new_song(self) -> int:
        self._songs += 1
        number = self._songs
        tags = {"title": f"Song {number}", "artist": f"Artist {number % _ARTISTS}", "album": f"Album {number % 11}"}
        self._content[number] = self._next_sound(), tags
        return number

    def _rename_song(self, song: int) -> None:
        if self._changed.setdefault(song, "names") == "names":
            seed, tags = self._content[song]
            self._made += 1
            self._content[song] = seed, {**tags, "title": f"Song {song} again {self._made}"}

    def _write(self, name: str, song: int) -> None:
        seed, tags = self._content[song]
        self.shelf.put(name, seed, **tags)
        self.files[name] = song

    def _remove(self, name: str) -> int:
        (self.shelf.root / name).unlink()
        return self.files.pop(name)
