"""Write the last evening of a room into a file: as a page that stands alone, or as a playlist."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from music.exchange.export import Addresses, exported
from music.exchange.formats import FORMATS
from music.files import music_roots
from playlist.errors import DomainError
from playlist.models import Playlist
from playlist.selectors.evenings import evening_of
from playlist.selectors.playlists import playlist_by_slug
from playlist_backend.assets import read_assets
from playlist_backend.night import page_of
from playlist_backend.night_words import words_for

_STYLE = settings.BASE_DIR / "playlist_backend" / "static" / "pages" / "night.css"


class Command(BaseCommand):
    help = "Write the last evening of a room as a page, or its whole history as a playlist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("room", help="the last part of the room's address")
        parser.add_argument("--format", choices=["html", *FORMATS], default="html")
        parser.add_argument("--language", choices=["en", "de"], default="en")
        parser.add_argument("--output", type=Path, help="the file to write; without it the page is printed")

    def handle(self, *, room: str, format: str, language: str, output: Path | None, **_: object) -> None:
        try:
            playlist = playlist_by_slug(room)
        except DomainError as error:
            raise CommandError(error.message) from None
        written = _page(playlist, language) if format == "html" else _playlist(playlist, format)
        if output is None:
            sys.stdout.buffer.write(written)
            return
        try:
            output.write_bytes(written)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None


def _page(playlist: Playlist, language: str) -> bytes:
    assets = read_assets(settings.CLIENT_DIR)
    sheets = [
        settings.CLIENT_DIR / style.removeprefix("/static/client/") for style in (assets.styles if assets else ())
    ]
    style = "".join(sheet.read_text() for sheet in (*sheets, _STYLE))
    return page_of(playlist, evening_of(playlist), words_for(language), _origin(), style).encode()


def _playlist(playlist: Playlist, format: str) -> bytes:
    addresses = Addresses(_origin(), tuple(music_roots()))
    return FORMATS[format].write(exported(playlist, "history", addresses))  # type: ignore[index]


def _origin() -> str:
    return settings.PUBLIC_URL or f"http://localhost:{settings.PORT}"
