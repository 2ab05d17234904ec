"""The library as a whole, and its scans, in REST."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from music import state
from music.files import audio_of
from music.listeners import AudioLink, audio_link
from music.lyrics import Lyrics, lyrics_of
from music.resources import Library, library_now
from playlist import links
from playlist.errors import DomainError, forbidden
from playlist.rest.answers import answer, own_origin
from playlist.rest.authentication import account_of, is_staff, user_of
from playlist.rest.openapi import operation
from playlist.rest.view import View
from playlist.selectors.library import track_by_id


class LibraryView(View):
    @operation(
        "How much there is to choose from, and how far the scan of the music folders is; staff see what failed",
        answers={200: Library},
        tag="library",
    )
    def get(self, request: Request) -> HttpResponse:
        return answer(library_now(with_failures=is_staff(request)))


class ScanView(View):
    @operation(
        "Ask for a scan of the music folders, as staff",
        answers={202: Library},
        errors=["RATE_LIMITED"],
        needs="account",
        tag="library",
    )
    def post(self, request: Request) -> HttpResponse:
        if not account_of(request).is_staff:
            raise forbidden("operators", "Only the operators may ask for a scan.")
        state.request()
        return answer(library_now(with_failures=True), 202)


class TrackLink(View):
    @operation(
        "An address of the track's audio that needs neither cookie nor token, for 12 hours or until the file changes",
        answers={200: AudioLink},
        errors=["TRACK_NOT_FOUND", "NO_AUDIO", "FORBIDDEN"],
        needs="identity",
        tag="library",
    )
    def get(self, request: Request, track_id: str) -> HttpResponse:
        base = links.base_url(settings.PUBLIC_URL, own_origin(request))
        return answer(audio_link(track_id, user_of(request), base))


class TrackLyrics(View):
    @operation(
        "The timed lyrics that the track's file brings, or the file beside it",
        answers={200: Lyrics},
        errors=["TRACK_NOT_FOUND", "NOT_FOUND"],
        tag="library",
    )
    def get(self, request: Request, track_id: str) -> HttpResponse:
        track_by_id(track_id)
        file = audio_of(track_id)
        lyrics = None if file is None else lyrics_of(file.lyrics)
        if lyrics is None:
            raise DomainError("NOT_FOUND", "There are no timed lyrics for this track.")
        return answer(lyrics)
