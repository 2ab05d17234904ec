"""Listeners for new revisions of playlists. Knows no model and no event loop.

A nudge carries nothing that could get lost: whoever hears one reads the log from their own position.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

Listener = Callable[[int, int], None]

#: Replaced, never changed: another thread may be iterating over it.
_listeners: tuple[Listener, ...] = ()


def listen(listener: Listener) -> None:
    """Call `listener(playlist_id, revision)` after each commit, from the writer's thread."""
    global _listeners
    _listeners = (*_listeners, listener)


def forget(listener: Listener) -> None:
    """Stop calling the listener."""
    global _listeners
    _listeners = tuple(other for other in _listeners if other != listener)


def tell(playlist_id: int, revision: int) -> None:
    """Tell the listeners that the playlist is at least at this revision. Never raises."""
    for listener in _listeners:
        try:
            listener(playlist_id, revision)
        except Exception:
            logger.exception("A listener failed at playlist %d, revision %d", playlist_id, revision)
