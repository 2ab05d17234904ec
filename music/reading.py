"""What one file tells, as the child process that read it sends it. Knows no Django and no database."""

from __future__ import annotations

from msgspec import Struct

#: Stands where neither tags nor folders name an artist.
UNKNOWN_ARTIST = "Unknown artist"


class Ask(Struct, frozen=True, array_like=True):
    """A file to be read."""

    #: Absolute, as `os.fsencode` gives it.
    path: bytes
    #: The path below the music folder, or the name an upload came with: from these a file without tags gets its
    #: names. Without it only the last part of `path` counts.
    name: bytes = b""
    #: By music/beside.py, 0 if nothing lies beside it; then nothing is looked for. Comes back in the reading.
    beside: int = 0


class Reading(Struct, frozen=True, kw_only=True, array_like=True):
    """One file as it was read; texts have the domain's limits and forms already (500 characters, a genre 50).

    Where `reason` is not "" the file is no track, the reason is a sentence for people, and the fields below `reason`
    mean nothing.
    """

    path: bytes
    #: Of the file that was read: the next scan compares these, and reads the file again where they are 0, since a fault
    #: of the disk or the network may be over by then.
    size: int = 0
    mtime_ns: int = 0
    #: What the ask said.
    beside: int = 0
    reason: str = ""

    title: str = ""
    #: As shown; several are joined by ", ". UNKNOWN_ARTIST where nothing tells.
    artist: str = UNKNOWN_ARTIST
    artists: tuple[str, ...] = ()
    album: str = ""
    #: Of a compilation without one "Various Artists".
    album_artist: str = ""
    compilation: bool = False
    track_number: int | None = None
    disc_number: int | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()
    #: A MusicBrainz recording, as a UUID in lower case; "" unknown.
    mb_recording: str = ""
    #: Timed lyrics in the LRC format; "" without.
    lyrics: str = ""

    #: 1 to 86,400,000.
    duration_ms: int = 0
    #: mp3, mp2, flac, oggflac, vorbis, opus, speex, aac (in MP4), adts (AAC without a container), alac, wav, aiff, wma.
    format: str = ""
    content_type: str = ""
    #: Whether browsers play this format; where not, conversion makes Opus of it.
    plays: bool = False
    #: To −16 LUFS, limited so that the peak does not clip; None where no tag tells.
    gain_db: float | None = None
    #: The highest sample, 1.0 is full scale.
    peak: float | None = None
    #: 32 hexadecimal digits that stay the same when tags change; "" unknown.
    fingerprint: str = ""
    #: Names DATA_DIR/covers/KEY-{96,320,640}.jpg; "" without.
    cover_key: str = ""
    #: Why a picture that is there could not be used, for the log.
    cover_reason: str = ""
    #: Whether that is a fault of the disk: the file is to be read again later.
    cover_unwritten: bool = False

    @property
    def genre(self) -> str:
        """The one that is shown; "" without."""
        return self.genres[0] if self.genres else ""
