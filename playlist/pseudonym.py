"""What takes the place of a person who is forgotten, in anything that was kept as JSON. Pure."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec import Struct

#: The name of everybody who was forgotten.
SOMEBODY = "Somebody"

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class Pseudonym(Struct, frozen=True):
    """One person's traces in one playlist, and what replaces them.

    `key` and `mark` are (before, after) of their actor key and of the `adder` of their items; `user_id` likewise, None
    for somebody without an identity.
    """

    key: tuple[str, str]
    mark: tuple[str, str]
    user_id: tuple[int, int] | None

    def traces(self) -> list[str]:
        """Texts of which at least one stands in any JSON that speaks of the person."""
        quoted = [f'"{self.key[0]}"', f'"{self.mark[0]}"']
        return quoted if self.user_id is None else [*quoted, f'"id":{self.user_id[0]},']

    def applied(self, body: str | bytes) -> str:
        """The JSON with the person replaced, otherwise as it was."""
        return msgspec.json.encode(self._in(msgspec.json.decode(body))).decode()

    def _in(self, value: Json) -> Json:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._in(each) for each in value]
        if not isinstance(value, dict):
            return value
        replaced = {self._text(name): self._in(each) for name, each in value.items()}
        if value.get("adder") == self.mark[0] and "added_by" in value:
            replaced["added_by"] = SOMEBODY
        if self._is_the_person(value) and self.user_id is not None:
            replaced |= {"id": self.user_id[1], "name": SOMEBODY}
        return replaced

    def _text(self, text: str) -> str:
        return dict((self.key, self.mark)).get(text, text)

    def _is_the_person(self, value: dict[str, Json]) -> bool:
        """Playlists and albums have numbers and names, too, and a slug or an artist besides."""
        is_person = "name" in value and not {"slug", "artist", "track_count"} & value.keys()
        return is_person and self.user_id is not None and value.get("id") == self.user_id[0]
