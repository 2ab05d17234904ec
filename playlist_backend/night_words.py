"""The words of the page of an evening, in the languages of the web client."""

from __future__ import annotations

from msgspec import Struct


class Words(Struct, frozen=True, kw_only=True):
    """One language. Dates and times have Django's formats (https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date)."""

    language: str
    night_at: str
    what_it_is: str
    nothing_yet: str
    song: str
    songs: str
    added_by: str
    added_by_server: str
    votes: str
    vote: str
    earlier: str
    save: str
    join: str
    join_why: str
    to_room: str
    date: str
    time: str


_ENGLISH = Words(
    language="en",
    night_at="The night at",
    what_it_is="One queue for everybody in the room.",
    nothing_yet="Nothing has played here yet.",
    song="song",
    songs="songs",
    added_by="added by",
    added_by_server="added by the server",
    votes="votes",
    vote="vote",
    earlier="The evening before",
    save="Take it home:",
    join="Join",
    join_why="What played here is for those who are in the room.",
    to_room="To the room",
    date="l, j F Y",
    time="H:i",
)
_GERMAN = Words(
    language="de",
    night_at="Der Abend in",
    what_it_is="Eine Warteschlange für alle im Raum.",
    nothing_yet="Hier ist noch nichts gelaufen.",
    song="Titel",
    songs="Titel",
    added_by="von",
    added_by_server="vom Server",
    votes="Stimmen",
    vote="Stimme",
    earlier="Der Abend davor",
    save="Zum Mitnehmen:",
    join="Mitmachen",
    join_why="Was hier lief, sehen alle, die im Raum sind.",
    to_room="Zum Raum",
    date="l, j. F Y",
    time="H:i",
)
_LANGUAGES = {words.language: words for words in (_ENGLISH, _GERMAN)}


def words_for(accepted: str) -> Words:
    """The words for an Accept-Language header: of our languages the one that stands first, else English."""
    wanted = (part.strip()[:2].lower() for part in accepted[:500].split(","))
    return next((_LANGUAGES[language] for language in wanted if language in _LANGUAGES), _ENGLISH)
