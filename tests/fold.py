"""A reader of the log, written from docs/protocol's words alone: what a client keeps, and how an event changes it.

The tests hold it against the server's own snapshots: an old state with the new events must be the fresh state.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

State = dict[str, Any]


def apply_events(state: State, events: Iterable[dict[str, Any]]) -> State:
    """The state after these events, which must follow on its revision without a hole."""
    state = copy.deepcopy(state)
    for event in events:
        assert event["revision"] == state["revision"] + 1, (state["revision"], event)
        _HANDLERS[event["type"]](state, event)
        state["revision"] = event["revision"]
    _derive(state)
    return state


def apply_thinned(state: State, events: Iterable[dict[str, Any]], revision: int) -> State:
    """Like apply_events for a `changes` frame, in which votes that a later one replaces are left out."""
    state = copy.deepcopy(state)
    last = state["revision"]
    for event in events:
        assert last < event["revision"] <= revision
        last = event["revision"]
        _HANDLERS[event["type"]](state, event)
    assert last == revision
    state["revision"] = revision
    _derive(state)
    return state


def _derive(state: State) -> None:
    """Order and totals follow from the rest."""
    items = state["items"] = in_playing_order(state["items"], state["playlist"]["order"])
    state["playlist"]["item_count"] = len(items)
    state["playlist"]["total_duration_seconds"] = sum(item["track"]["duration_seconds"] for item in items)
    state["playlist"]["playback"] = state["playback"]
    state["playlist"]["revision"] = state["revision"]


def in_playing_order(items: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    return sorted(items, key=_votes_order if order == "votes" else lambda item: (0, 0, item["position"]))


def _votes_order(item: dict[str, Any]) -> tuple[int, int, float]:
    if item["is_playing"]:
        return (0, 0, item["position"])
    if item["played_at"] is None:
        return (1, -item["votes"], item["position"])
    return (2, 0, item["position"])


def _added(state: State, event: dict[str, Any]) -> None:
    state["items"].append(event["item"])


def _removed(state: State, event: dict[str, Any]) -> None:
    assert any(item["id"] == event["id"] for item in state["items"])
    state["items"] = [item for item in state["items"] if item["id"] != event["id"]]


def _changed_item(state: State, event: dict[str, Any]) -> None:
    (item,) = [item for item in state["items"] if item["id"] == event["item"]["id"]]
    item.update(event["item"])


def _playing(state: State, event: dict[str, Any]) -> None:
    for item in state["items"]:
        item["is_playing"] = item["id"] == event["id"]
        if item["is_playing"]:
            item["played_at"] = event["at"]
    state["playback"] = event["playback"]


def _track_updated(state: State, event: dict[str, Any]) -> None:
    for item in state["items"]:
        if item["track_id"] == event["track"]["id"]:
            item["track"] = event["track"]


def _playback_changed(state: State, event: dict[str, Any]) -> None:
    state["playback"] = event["playback"]


def _reordered(state: State, event: dict[str, Any]) -> None:
    positions = {item["id"]: item["position"] for item in event["items"]}
    assert set(positions) == {item["id"] for item in state["items"]}
    for item in state["items"]:
        item["position"] = positions[item["id"]]


def _playlist_updated(state: State, event: dict[str, Any]) -> None:
    state["playlist"].update(event["playlist"])


_HANDLERS = {
    "track.added": _added,
    "track.removed": _removed,
    "track.moved": _changed_item,
    "track.voted": _changed_item,
    "track.playing": _playing,
    "track.updated": _track_updated,
    "playback.changed": _playback_changed,
    "playlist.reordered": _reordered,
    "playlist.updated": _playlist_updated,
}
