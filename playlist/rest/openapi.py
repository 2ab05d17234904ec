"""The OpenAPI schema, generated: views say what they take and answer, playlist.types says how that looks."""

from __future__ import annotations

import http
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from playlist import schemas, types
from playlist.errors import STATUS_BY_CODE

ViewT = TypeVar("ViewT", bound=Callable[..., Any])

#: The types that operations name; the schema's components are these and what they contain.
_named: set[type] = {types.ErrorEnvelope}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 64},
    OpenApiParameter.HEADER,
    description="The same key and payload gives the same answer and one effect, for 24 hours.",
)
_PAGE = (
    OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Rows a page; 500 at most."),
    OpenApiParameter("cursor", str, description="Where the page begins; from the Link header of the page before."),
)
#: What any operation may answer, beside what it names itself.
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
    tag: str,
) -> Callable[[ViewT], ViewT]:
    """Describe a view method. `answers`: status → type (None: no body); `errors`: codes beyond the usual ones."""
    codes = [*_ALWAYS, *errors, *(_ON_WRITES if writes else ()), *(("VALIDATION_ERROR", "MALFORMED") if pages else ())]
    responses: dict[int, OpenApiResponse] = {}
    for status in sorted({STATUS_BY_CODE[code] for code in codes}):
        these = sorted({code for code in codes if STATUS_BY_CODE[code] == status})
        responses[status] = OpenApiResponse(_reference(types.ErrorEnvelope), description=", ".join(these))
    for status, kind in answers.items():
        schema = None if kind is None else _reference(kind)
        if schema is not None and many:
            schema = {"type": "array", "items": schema}
        responses[status] = OpenApiResponse(schema, description=http.HTTPStatus(status).phrase)
    return extend_schema(
        summary=summary,
        tags=[tag],
        parameters=[*query, *(_PAGE if pages else ()), *((IDEMPOTENCY_KEY,) if keyed else ())],
        request={"application/json": _reference(body)} if body else None,
        responses=responses,
    )


def _reference(kind: type) -> dict[str, Any]:
    if kind is str:
        return {"type": "string"}
    _named.add(kind)
    return schemas.reference(kind.__name__)


def add_components(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: the components of all named types, and of the events in the log."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(schemas.components(_named))
    return result


class Schema(AutoSchema):
    """drf-spectacular's, with operation ids that tell method and path, and no docstrings of ours."""

    def get_operation_id(self) -> str:
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path.removeprefix("/api/"))])

    def get_description(self) -> str:  # type: ignore[override]
        return ""


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "playlist.rest.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "playlist.rest.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
