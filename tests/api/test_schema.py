"""The generated schema is valid, complete, and what the server really does (schemathesis)."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from playlist_backend.wsgi import application
from tests.api.client import Api, account

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


def the_schema() -> dict[str, Any]:
    answer = Api().get("schema?format=json", Accept="application/vnd.oai.openapi+json")
    assert answer.status == 200
    loaded: dict[str, Any] = answer.json
    return loaded


def test_the_schema_is_valid_openapi_3_1() -> None:
    schema = the_schema()
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_every_address_is_in_the_schema() -> None:
    paths = the_schema()["paths"]
    for pattern in get_resolver("playlist.rest.urls").url_patterns:
        path = str(pattern.pattern).replace("<str:", "{").replace("<int:", "{").replace(">", "}")
        assert f"/api/{path}" in paths or path in ("schema", "docs"), path
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]


def test_the_documentation_works_offline() -> None:
    client = Client(SERVER_NAME="localhost")
    for path in ("/api/docs/", "/api/docs"):
        page = client.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        assert "swagger-ui" in text
        assert "http://" not in text.replace("http://localhost", "").replace("http://www.w3.org", "")
        assert "https://" not in text
    assert client.get("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js").status_code == 200


@pytest.mark.usefixtures("tracks")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_server_does_what_the_schema_says(settings: Any, mode: GenerationMode) -> None:
    """Whatever is sent: no 5xx, no status and no body that the schema does not have."""
    settings.REST_WRITES_BURST = 10**9
    anna = account("anna")
    item = anna.post("playlist", {"track_id": "track-1"}).json["id"]
    schema = schemathesis.openapi.from_dict(the_schema())
    schema.app = application
    known = {"slug": "main", "item_id": item, "track_id": "track-2", "user_id": anna.get("user/me").json["user"]["id"]}
    for result in schema.get_all_operations():
        _try(cast(Any, result).ok(), known, anna.token, mode)


def _try(operation: Any, known: dict[str, Any], token: str | None, mode: GenerationMode) -> None:
    ends_the_session = operation.path == "/api/user/logout"

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        case.path_parameters = {
            name: known.get(name, value) if len(str(value)) % 2 else value
            for name, value in (case.path_parameters or {}).items()
        }
        headers = {"Host": "localhost"}
        if token and not ends_the_session and len(str(case.body)) % 3:
            headers["Authorization"] = f"Bearer {token}"
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    attempt()
