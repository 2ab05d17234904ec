"""Listeners for new revisions of playlists. Knows no model and no event loop.

A nudge carries nothing that could get lost: whoever hears one goes on in the log from their own position. It brings the
lines that were just committed, so that a listener that stands right before them need not read them again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from playlist.types import LogLine

logger = logging.getLogger(__name__)

Listener = Callable[[int, int, Sequence[LogLine]], None]

#: Replaced, never changed: another thread may be iterating over it.
_listeners: tuple[Listener, ...] = ()


def listen(listener: Listener) -> None:
    """Call `listener(playlist_id, revision, lines)` after each commit, from the writer's thread."""
    global _listeners
    _listeners = (*_listeners, listener)


def forget(listener: Listener) -> None:
    """Stop calling the listener."""
    global _listeners
    _listeners = tuple(other for other in _listeners if other != listener)


def tell(playlist_id: int, revision: int, lines: Sequence[LogLine]) -> None:
    """Tell the listeners that the playlist is at least at this revision, and which lines are new. Never raises."""
    for listener in _listeners:
        try:
            listener(playlist_id, revision, lines)
        except Exception:
            logger.exception("A listener failed at playlist %d, revision %d", playlist_id, revision)
