"""A REST caller for tests: JSON in, JSON out."""

from __future__ import annotations

from typing import Any

import msgspec
from django.test import Client


class Answer:
    """What came back: `status`, `json` (None without a body), `headers`."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.json: Any = msgspec.json.decode(response.content) if response.content else None

    @property
    def code(self) -> str:
        """The code of a refusal, which is in the contract's envelope and in no other."""
        assert set(self.json) == {"error"}, self.json
        assert set(self.json["error"]) == {"code", "message", "details"}
        return str(self.json["error"]["code"])

    @property
    def details(self) -> Any:
        return self.json["error"]["details"]


class Api:
    """Calls /api/…; `token` is sent as a bearer token. Cookies are kept only if asked for."""

    def __init__(self, token: str | None = None, cookies: bool = False, address: str = "127.0.0.1") -> None:
        self._client = Client(
            enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME="localhost", REMOTE_ADDR=address
        )
        self._keeps_cookies = cookies
        self.token = token

    @property
    def cookies(self) -> Any:
        return self._client.cookies

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`headers` with underscores for dashes; a `bytes` body is sent as it is."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        data = b"" if body is None else body if isinstance(body, bytes) else msgspec.json.encode(body)
        content_type = headers.pop("Content_Type", "application/json")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if not self._keeps_cookies:
            self._client.cookies.clear()
        response = self._client.generic(method, f"/api/{path}", data, content_type, headers=named)
        return Answer(response)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, **headers)


def guest(name: str) -> Api:
    """A guest with a token of their own."""
    answer = Api().post("guests", {"name": name})
    assert answer.status == 201
    return Api(token=answer.json["token"])


def account(username: str) -> Api:
    answer = Api().post("user/register", {"username": username, "password": f"quite a long one, {username[::-1]}"})
    assert answer.status == 201, answer.json
    return Api(token=answer.json["token"])


def new_room(host: Api, **fields: Any) -> str:
    """The slug of a room that this person has just started."""
    answer = host.post("playlists", {"name": "Party", **fields})
    assert answer.status == 201, answer.json
    return str(answer.json["slug"])
