"""Reads requests: strict JSON bodies, the query string, the Idempotency-Key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any, TypeVar

from django.conf import settings
from msgspec import Struct
from rest_framework import negotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from playlist import text
from playlist.errors import DomainError, invalid
from playlist.parsing import decode_json, parse
from playlist.rest.refusals import too_large
from playlist.selectors.pages import PAGE_LIMIT

T = TypeVar("T", bound=Struct)
ChoiceT = TypeVar("ChoiceT", bound=str)


class JSONParser(BaseParser):
    """Strict JSON within MAX_BODY_BYTES. Raises MALFORMED and TOO_LARGE."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: object = None) -> Any:
        raw = stream.read(settings.MAX_BODY_BYTES + 1)
        if len(raw) > settings.MAX_BODY_BYTES:
            raise too_large()
        return decode_json(raw)


class OnlyJSON(negotiation.BaseContentNegotiation):
    """Always answers in JSON; parses a request body only if its Content-Type is JSON."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def body_of(request: Request, into: type[T]) -> T:
    """The JSON body as `into`. Raises VALIDATION_ERROR."""
    return parse(request.data, into)


def key_of(request: Request) -> str | None:
    """The Idempotency-Key. Raises VALIDATION_ERROR."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 64:
        raise invalid("Idempotency-Key", "must have 1 to 64 characters")
    return key


def number_from(request: Request, name: str, default: int, lowest: int, highest: int | None = None) -> int:
    """A whole number of the query string; a higher one counts as `highest`. Raises VALIDATION_ERROR."""
    given = request.query_params.get(name, "")
    if not given:
        return default
    # Not int(): it takes "1_000", " 7" and other scripts' digits. 18 digits fit every database's integer.
    if not (given.isascii() and given.isdigit() and len(given) <= 18 and int(given) >= lowest):
        raise invalid(name, f"must be a whole number from {lowest}")
    return int(given) if highest is None else min(int(given), highest)


def limit_from(request: Request) -> int:
    """The number of rows of a page. Raises VALIDATION_ERROR."""
    return number_from(request, "limit", PAGE_LIMIT, 1, PAGE_LIMIT)


def flag_from(request: Request, name: str) -> bool:
    """A boolean of the query string, False if it is absent. Raises VALIDATION_ERROR."""
    given = request.query_params.get(name, "false").lower()
    if given not in ("true", "1", "false", "0"):
        raise invalid(name, "must be true or false")
    return given in ("true", "1")


def id_from(request: Request, name: str) -> int | None:
    """A number of the query string by which something is found; None if it is absent. Raises VALIDATION_ERROR."""
    return number_from(request, name, 0, 0) if request.query_params.get(name) else None


def choice_from(request: Request, name: str, choices: Sequence[ChoiceT]) -> ChoiceT | None:
    """One of these words of the query string; None if it is absent. Raises VALIDATION_ERROR."""
    given = request.query_params.get(name, "")
    if given and given not in choices:
        raise invalid(name, f"must be one of {', '.join(choices)}")
    return next((choice for choice in choices if choice == given), None)


def cursor_from(request: Request) -> str | None:
    """The cursor at which a page begins. Raises MALFORMED."""
    return typed_from(request, "cursor", limit=4096).strip() or None


def text_from(request: Request, name: str) -> str:
    """A cleaned name or title of the query string, "" if it is absent. Raises MALFORMED."""
    return text.clean(typed_from(request, name, limit=1_000))


def typed_from(request: Request, name: str, limit: int) -> str:
    """A text of the query string as typed, cut at the limit; "" if it is absent. Raises MALFORMED."""
    given: str = request.query_params.get(name, "")
    if "\x00" in given:
        raise DomainError("MALFORMED", "Text must not contain NUL.")
    return given[:limit]
