"""Who wants to know that a playlist has a new revision. Knows no model and no loop: numbers go in, callbacks go out.

A nudge carries nothing that could get lost: whoever hears one reads the log from their own position.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

Listener = Callable[[int, int], None]

#: Replaced, never changed: somebody may be going through it.
_listeners: tuple[Listener, ...] = ()


def listen(listener: Listener) -> None:
    """Call `listener(playlist_id, revision)` after each commit, from the writer's thread."""
    global _listeners
    _listeners = (*_listeners, listener)


def forget(listener: Listener) -> None:
    """Call it no more."""
    global _listeners
    _listeners = tuple(other for other in _listeners if other != listener)


def tell(playlist_id: int, revision: int) -> None:
    """The playlist is at this revision at least. Whatever a listener does, the writer goes on."""
    for listener in _listeners:
        try:
            listener(playlist_id, revision)
        except Exception:
            logger.exception("A listener failed at playlist %d, revision %d", playlist_id, revision)
