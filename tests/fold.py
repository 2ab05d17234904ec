"""A reader of the log in JSON: what a client keeps, and how events change it, by the server's own fold.

The tests hold it against the server's snapshots: an old state with the new events must be the fresh state. The fixtures
in tests/contract hold it against the browser's fold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from playlist import types
from playlist.fold import Folding

State = dict[str, Any]


def apply_events(state: State, events: Iterable[dict[str, Any]]) -> State:
    """The state after these events, which must follow on its revision without a hole."""
    folding = _folding(state)
    for event in events:
        folding.follow(msgspec.convert(event, types.AnyEvent))
    return _shown(state, folding)


def apply_thinned(state: State, events: Iterable[dict[str, Any]], revision: int) -> State:
    """Like apply_events for a `changes` frame, in which votes that a later one replaces are left out."""
    folding = _folding(state)
    for event in events:
        assert folding.revision < event["revision"] <= revision
        folding.apply(msgspec.convert(event, types.AnyEvent))
    assert folding.revision == revision
    return _shown(state, folding)


def _folding(state: State) -> Folding:
    return Folding(msgspec.convert({"stamp": "", **state}, types.Snapshot))


def _shown(before: State, folding: Folding) -> State:
    """As JSON, with whatever else a client keeps."""
    state: State = msgspec.json.decode(msgspec.json.encode(folding.snapshot("")))
    del state["stamp"]
    return {**before, **state, "playlist": {**before["playlist"], **state["playlist"]}}


#: What a new room looks like: folding the whole log onto it gives today's.
EMPTY: dict[str, Any] = {
    "revision": 0,
    "items": [],
    "playback": {
        "state": "stopped",
        "item_id": None,
        "position_seconds": 0.0,
        "started_at_ms": None,
        "server_time_ms": 0,
        "volume": 100,
    },
}
FRESH = {
    "name": "The room",
    "order": "manual",
    "fair": None,
    "skip": None,
    "policy": "open",
    "rules": msgspec.to_builtins(types.NO_RULES),
    "locked": False,
    "max_queued_per_person": None,
}
