"""Sends parts of an open file: by the kernel where the server can, else in blocks through Python."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from music.ranges import Span
from music.sources import OpenFile
from playlist.asgi_types import Scope, Send
from playlist.disk import on_disk

logger = logging.getLogger(__name__)

#: Larger blocks cost less for each byte, and wait in memory for slow listeners.
BLOCK_BYTES = 256 * 1024


async def send_span(scope: Scope, send: Send, file: OpenFile, span: Span) -> None:
    """The whole body, and its end. Ends the connection when the file became shorter."""
    wire = scope.get("extensions", {}).get("playlist.file")
    if wire is None:
        await send_parts(scope, send, file, [(b"", span)], b"")
        return
    wire.be_patient()
    if await wire.send_file(file.descriptor, span.start, span.end):
        await send({"type": "http.response.body", "body": b""})


async def send_parts(
    scope: Scope, send: Send, file: OpenFile, parts: Sequence[tuple[bytes, Span]], tail: bytes
) -> None:
    """Each part behind its head, then the tail."""
    wire = scope.get("extensions", {}).get("playlist.file")
    if wire is not None:
        wire.be_patient()
    for head, span in parts:
        await send({"type": "http.response.body", "body": head, "more_body": True})
        at = span.start
        while at < span.end:
            block = await on_disk(os.pread, file.descriptor, min(BLOCK_BYTES, span.end - at), at)
            if not block:
                logger.warning("A file became shorter while it was sent: that listener was cut off")
                return  # without its end, the server closes the connection
            at += len(block)
            await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": tail})
