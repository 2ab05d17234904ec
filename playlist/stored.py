"""Reads what the log and the checkpoints keep as JSON, whichever release wrote it.

An earlier release did not write what it did not know yet: `_MISSING` says what that means. A field that a release adds
to one of these types needs a row there, to which tests/contract/releases.json holds it. Nothing that is stored changes.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType, inspect
from msgspec.structs import replace

from playlist import types
from playlist.fold import DoesNotFollow
from playlist.identity import SYSTEM, adder_of, user_key
from playlist.past import inflated

T = TypeVar("T")
_Fields: TypeAlias = dict[str, Any]


class _Around(Struct, frozen=True):
    """What a value is part of: a playlist, an event of this actor. `at`: its tracks were in the library then."""

    playlist_id: int = 0
    actor_key: str = SYSTEM.key
    at: object = None


def _rules(playlist: _Fields, _: _Around) -> object:
    """Before there were rules, a policy said all of them."""
    preset = types.PRESETS.get(playlist.get("policy", ""))
    return UNSET if preset is None else msgspec.to_builtins(replace(types.NO_RULES, guests=preset))


#: By type and field: the value where it is absent, or what makes it of the others.
_MISSING: dict[type[Struct], dict[str, Any]] = {
    types.Track: {
        "duration_ms": lambda track, _: 1000 * track["duration_seconds"],
        **dict.fromkeys(("artist_id", "album_id", "track_number", "disc_number", "year", "gain_db", "audio_version")),
        "missing": False,
        "added_at": lambda _, around: around.at,
    },
    types.Item: {
        "adder": lambda _, around: adder_of(around.playlist_id, around.actor_key),
        "boosted_at": None,
        "because": None,
    },
    types.Host: {"adder": lambda host, around: adder_of(around.playlist_id, user_key(host["id"]))},
    types.Playback: {"volume": 100, "clock": 0},
    types.PlaylistRecord: {"rules": _rules, "fair": None, "skip": None},
    types.PlaylistChanges: {"rules": _rules},
    types.TrackPlaying: {"fair": None},
}


class _Reader(Generic[T]):
    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)

    @cached_property
    def type(self) -> inspect.Type:
        return inspect.type_info(self._kind)

    def whole(self, body: bytes | str) -> T | None:
        """The value, if this release could have written it."""
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError:
            return None

    def filled(self, body: bytes | str, around: _Around) -> T:
        """Raises ValidationError."""
        value: T = msgspec.convert(_filled(msgspec.json.decode(body), self.type, around), self._kind)
        return value


_EVENTS = _Reader[types.AnyEvent](types.AnyEvent)
_PASTS = _Reader[types.Past](types.Past)
_TRACKS = _Reader[types.Track](types.Track)


def event_stored(body: str, playlist_id: int, actor_key: str) -> types.AnyEvent:
    """An event of the log. Raises ValidationError if it is of a later release."""
    return _event(body, playlist_id, actor_key)[0]


def line_published(line: types.LogLine, playlist_id: int) -> types.LogLine:
    """A line of the log with its event as this release writes it; that of a later release as it is."""
    if not _may_lack(line.type):
        return line
    try:
        event, is_whole = _event(line.body, playlist_id, line.actor_key)
    except msgspec.ValidationError:
        return line
    return line if is_whole else replace(line, body=msgspec.json.encode(event).decode())


@cache
def _may_lack(event_type: str) -> bool:
    """Whether an earlier release may have left something out of such an event. Of votes, which are most, it has not."""
    kinds = _EVENTS.type
    return isinstance(kinds, inspect.UnionType) and _has_missing(_one_of(kinds, {"type": event_type}))


def _has_missing(kind: inspect.Type) -> bool:
    match kind:
        case inspect.StructType():
            return kind.cls in _MISSING or any(_has_missing(field.type) for field in kind.fields)
        case inspect.ListType():
            return _has_missing(kind.item_type)
        case inspect.DictType():
            return _has_missing(kind.value_type)
        case inspect.UnionType():
            return any(map(_has_missing, kind.types))
    return False


def _event(body: str, playlist_id: int, actor_key: str) -> tuple[types.AnyEvent, bool]:
    event = _EVENTS.whole(body)
    if event is not None and not _lacks_rules(event):
        return event, True
    return _EVENTS.filled(body, _Around(playlist_id, actor_key)), False


def _lacks_rules(event: types.AnyEvent) -> bool:
    """Whether it is a change of the policy from before there were rules; this release records both."""
    if not isinstance(event, types.PlaylistUpdated) or isinstance(event.playlist.policy, UnsetType):
        return False
    return isinstance(event.playlist.rules, UnsetType)


def past_unpacked(body: bytes | memoryview) -> types.Past:
    """A checkpoint. Raises DoesNotFollow if a later release packed it."""
    text = inflated(body)
    past = _PASTS.whole(text)
    if past is not None:
        return past
    try:
        return _PASTS.filled(text, _Around())
    except msgspec.ValidationError as error:
        raise DoesNotFollow(f"a checkpoint is of another release: {error}") from error


def track_stored(body: str, known_at: object) -> types.Track:
    """A track that was in the library at that time."""
    return _TRACKS.whole(body) or _TRACKS.filled(body, _Around(at=known_at))


def _filled(value: Any, kind: inspect.Type, around: _Around) -> Any:
    """A value of JSON with what its type requires and an earlier release did not write."""
    match kind:
        case inspect.StructType() if isinstance(value, dict):
            return _filled_struct(value, kind, around)
        case inspect.ListType() if isinstance(value, list):
            return [_filled(each, kind.item_type, around) for each in value]
        case inspect.DictType() if isinstance(value, dict):
            return {name: _filled(each, kind.value_type, around) for name, each in value.items()}
        case inspect.UnionType():
            return _filled(value, _one_of(kind, value), around)
    return value


def _filled_struct(value: _Fields, kind: inspect.StructType, around: _Around) -> _Fields:
    around = replace(around, at=value.get("at", value.get("added_at", around.at)))
    if kind.cls is types.PlaylistRecord:
        around = replace(around, playlist_id=value["id"])
    there = [field for field in kind.fields if field.encode_name in value]
    filled = {**value, **{f.encode_name: _filled(value[f.encode_name], f.type, around) for f in there}}
    for name, missing in _MISSING.get(kind.cls, {}).items():
        meant = missing(value, around) if callable(missing) else missing
        if name not in value and meant is not UNSET:
            filled[name] = meant
    return filled


def _one_of(union: inspect.UnionType, value: Any) -> inspect.Type:
    """The type in this union that the value may be of."""
    tag = value.get("type") if isinstance(value, dict) else None
    structs = [kind for kind in union.types if isinstance(kind, inspect.StructType) and kind.tag in (None, tag)]
    return structs[0] if structs and isinstance(value, dict) else inspect.AnyType()
