"""The generated OpenAPI schema. Views declare their input and answers; playlist.types defines their shapes."""

from __future__ import annotations

import http
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from playlist import schemas, types
from playlist.errors import STATUS_BY_CODE
from playlist.schemas import Document

ViewT = TypeVar("ViewT", bound=Callable[..., Any])

#: The types that operations name; the schema's components are these and what they contain.
_named: set[type] = {types.ErrorEnvelope}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 64},
    OpenApiParameter.HEADER,
    description="For 24 hours, the same key and payload get the same answer and have one effect.",
)
_PAGE = (
    OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Rows a page; 500 at most."),
    OpenApiParameter("cursor", str, description="Where the page begins; from the Link header of the page before."),
)
#: The variables of all paths.
_PATH: dict[str, tuple[Any, str]] = {
    "slug": (str, "The room's slug."),
    "item_id": (UUID, "The queue item's id."),
    "track_id": (str, "The track's id."),
    "user_id": (int, "The person's id, as the list of participants has it."),
    "kind": ({"type": "string", "enum": ["tracks", "artists"]}, "What is blocked."),
    "target": (str, "The track's id, or the artist's."),
}
#: Refusals that every operation may give, beside those it names itself.
_ALWAYS = ("AUTH_REQUIRED", "FORBIDDEN", "UNAVAILABLE")
_ON_WRITES = ("VALIDATION_ERROR", "MALFORMED", "TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "RATE_LIMITED")


def operation(
    summary: str,
    *,
    answers: dict[int, type | None],
    many: bool = False,
    body: type | None = None,
    query: Iterable[OpenApiParameter] = (),
    errors: Iterable[str] = (),
    writes: bool = False,
    keyed: bool = False,
    pages: bool = False,
    files: Sequence[str] = (),
    takes: Sequence[str] = (),
    needs: Literal["nobody", "identity", "account"] = "nobody",
    tag: str,
) -> Callable[[ViewT], ViewT]:
    """Describe a view method.

    `answers`: status → type (None: no body); `errors`: codes beyond the usual ones; `needs`: the identity
    that the caller must have (nobody: only as far as the room's own rules require one); `files`, `takes`: the media
    types of an answer and of a body that are files and no JSON.
    """
    codes = [*_ALWAYS, *errors, *(_ON_WRITES if writes else ()), *(("VALIDATION_ERROR", "MALFORMED") if pages else ())]
    described = extend_schema(
        summary=summary,
        description=" ".join(
            [f"{summary}.", _NEEDS[needs], *((_KEYED,) if keyed else ()), *((_PAGED,) if pages else ())]
        ),
        tags=[tag],
        parameters=[*query, *(_PAGE if pages else ()), *((IDEMPOTENCY_KEY,) if keyed else ())],
        request={"application/json": _reference(body)}
        if body
        else {media_type: _file(media_type) for media_type in takes} or None,
        responses=_responses(codes, answers, many=many, files=files),
    )

    def describe(view: ViewT) -> ViewT:
        view.needs_login = needs != "nobody"  # type: ignore[attr-defined]
        return described(view)

    return describe


def _responses(
    codes: Iterable[str], answers: dict[int, type | None], *, many: bool, files: Sequence[str]
) -> dict[int | tuple[int | str, ...], OpenApiResponse]:
    """What may come back, by status, or by status and media types."""
    responses: dict[int | tuple[int | str, ...], OpenApiResponse] = {}
    for status in sorted({STATUS_BY_CODE[code] for code in codes}):
        these = sorted({code for code in codes if STATUS_BY_CODE[code] == status})
        responses[status] = OpenApiResponse(_reference(types.ErrorEnvelope), description=", ".join(these))
    for status, kind in answers.items():
        schema = None if kind is None else _reference(kind)
        if schema is not None and many:
            schema = {"type": "array", "items": schema}
        responses[status] = OpenApiResponse(schema, description=http.HTTPStatus(status).phrase)
    for media_type in files:
        responses[200, media_type] = OpenApiResponse(_file(media_type), description="The file.")
    return responses


_NEEDS = {
    "nobody": "Callers need no identity, unless a room asks for one.",
    "identity": "Callers need an identity; a guest's is enough.",
    "account": "Callers need an account.",
}
_KEYED = "Repeated with the same `Idempotency-Key` it has one effect and the same answer."
_PAGED = "The `Link` header has the address of the next page."


def _file(media_type: str) -> Document:
    return {"type": "object"} if media_type.endswith("json") else {"type": "string", "format": "binary"}


def _reference(kind: type) -> Document:
    if kind is str:
        return {"type": "string"}
    _named.add(kind)
    return schemas.reference(kind.__name__)


def add_components(result: Document, **_: object) -> Document:
    """drf-spectacular's hook: add the event streams, and the components of all named types and events."""
    result["paths"].update(_streams())
    components = schemas.components(_named)
    result.setdefault("components", {}).setdefault("schemas", {}).update(components)
    for methods in result["paths"].values():
        for told in methods.values():
            _require_body(told, components)
    result["paths"]["/api/tracks/upload"] = {"post": _upload()}
    return result


def _require_body(told: Document, components: Document) -> None:
    """Where a field of the body must be there, the body must, too; and a file must be there."""
    if body := told.get("requestBody"):
        content = body["content"].get("application/json")
        name = content["schema"]["$ref"].rpartition("/")[2] if content else None
        body["required"] = name is None or bool(components[name]["required"])


def _upload() -> Document:
    """The address that music/upload.py answers, outside of Django."""
    file = {"type": "string", "contentMediaType": "application/octet-stream", "description": "MP3, FLAC, Ogg, M4A …"}
    form = {"type": "object", "properties": {"file": file}, "required": ["file"]}
    track = {"application/json": {"schema": _reference(types.Track)}}
    refused = {"application/json": {"schema": _reference(types.ErrorEnvelope)}}
    by_status: dict[int, list[str]] = {}
    for code in _UPLOAD_CODES:
        by_status.setdefault(STATUS_BY_CODE[code], []).append(code)
    return {
        "operationId": "post_tracks_upload",
        "summary": "Upload a file as a track of the library",
        "description": "The type is found by content, never by name. A recording that is there already is answered "
        "with its track, so that a repeated upload has one effect.",
        "tags": ["library"],
        "security": [{"bearer": []}, {"session": []}],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "201": {"description": "The new track", "content": track},
            "200": {"description": "The track that this recording is already", "content": track},
            **{
                str(status): {"description": ", ".join(codes), "content": refused}
                for status, codes in by_status.items()
            },
        },
    }


_UPLOAD_CODES = (
    "VALIDATION_ERROR",
    "MALFORMED",
    "AUTH_REQUIRED",
    "FORBIDDEN",
    "TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "NOT_AUDIO",
    "RATE_LIMITED",
    "UNAVAILABLE",
    "STORAGE_FULL",
)


def _streams() -> Document:
    """The two addresses that realtime/sse.py answers, outside of Django."""
    slug = {
        "in": "path",
        "name": "slug",
        "required": True,
        "schema": {"type": "string"},
        "description": _PATH["slug"][1],
    }
    return {
        "/api/playlists/{slug}/stream": {"get": _stream("get_playlists_slug_stream", "The room's", [slug])},
        "/api/stream": {"get": _stream("get_stream", "The playlist `main`'s", [])},
    }


def _stream(operation_id: str, whose: str, parameters: list[Document]) -> Document:
    resumes = {
        "in": "header",
        "name": "Last-Event-ID",
        "schema": {"type": "string", "examples": ["42.1f2e3d4c5b6a7988"]},
        "description": "REVISION.STAMP of the last event seen: the stream continues right after it.",
    }
    refused = {"application/json": {"schema": _reference(types.ErrorEnvelope)}}
    codes = ("AUTH_REQUIRED", "FORBIDDEN", "PLAYLIST_NOT_FOUND", "UNAVAILABLE")
    return {
        "operationId": operation_id,
        "summary": f"{whose} changes as server-sent events",
        "description": "Each event is one message with its JSON as data. /api/asyncapi.json describes them.",
        "parameters": [*parameters, resumes],
        "tags": ["live"],
        "security": [{"bearer": []}, {"session": []}, {}],
        "responses": {
            "200": {"description": "The stream", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            **{str(STATUS_BY_CODE[code]): {"description": code, "content": refused} for code in codes},
        },
    }


class Schema(AutoSchema):
    """drf-spectacular's, with operation ids made of method and path."""

    def get_operation_id(self) -> str:
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path.removeprefix("/api/"))])

    def get_override_parameters(self) -> list[OpenApiParameter]:  # type: ignore[override]  # lists are invariant
        """What the path's variables are; extend_schema adds those of the operation."""
        names = re.findall(r"{(\w+)}", self.path)
        return [
            OpenApiParameter(name, _PATH[name][0], OpenApiParameter.PATH, description=_PATH[name][1]) for name in names
        ]

    def get_auth(self) -> list[Document]:
        """The security schemes; {} stands for a caller without identity."""
        needs_login = getattr(getattr(self.view, self.method.lower()), "needs_login", False)
        return super().get_auth() + ([] if needs_login else [{}])


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "playlist.rest.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "playlist.rest.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
