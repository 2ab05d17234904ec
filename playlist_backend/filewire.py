"""Bodies that the kernel copies from a file to a socket, beside Uvicorn's HTTP protocol.

That is several times cheaper than reading the file into Python, and takes no memory for slow listeners. Uvicorn's
`send` writes the headers before and the end behind; wire.py checks that Uvicorn has what is used here.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from typing import Any, Protocol

from django.conf import settings

from playlist.disk import on_disk

try:
    import fcntl
    import termios
except ImportError:  # Windows, which cannot send files either
    fcntl = termios = None  # type: ignore[assignment]

#: A fast listener lets the loop go after so many bytes.
BLOCK_BYTES = 512 * 1024
#: So much is brought into memory at once, where it is not.
AHEAD_BYTES = 1024 * 1024
#: The time between two looks whether the peer has taken what the kernel holds for it.
LOOK_SECONDS = 0.5


class Cycle(Protocol):
    """What is used of Uvicorn's RequestResponseCycle."""

    flow: Any
    keep_alive: bool
    expected_content_length: int


#: The lines of all who hear a song, or have its end before them.
_patient: set[Line] = set()


def cut_off_listeners() -> None:
    """End the songs that are on their way, before a stop: whoever pauses would keep the process for ever."""
    for line in list(_patient):
        line.transport.abort()


class Line:
    """One connection: how long its peer may take nothing, and who waits until it takes more."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._is_patient = False
        self._waiting: asyncio.Future[None] | None = None
        self._is_watched = False

    def can_send_files(self) -> bool:
        """Not through TLS, and not on Windows."""
        return hasattr(os, "sendfile") and self.transport.get_extra_info("sslcontext") is None

    def be_patient(self, patient: bool = True) -> None:
        """Whether the peer may take nothing for as long as it answers, or only for STUCK_SECONDS."""
        if self._is_patient is not patient and hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = 0 if patient else int(1000 * settings.STUCK_SECONDS)
            self._socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        self._is_patient = patient
        (_patient.add if patient else _patient.discard)(self)

    def is_still_taken(self) -> bool:
        """Whether the peer of a patient line has not taken everything yet."""
        return self._is_patient and not self.is_lost() and _untaken_bytes(self._socket().fileno()) > 0

    def is_lost(self) -> bool:
        return self.transport.is_closing()

    def lost(self) -> None:
        """Let nobody wait any longer for the peer."""
        _patient.discard(self)
        self._wake()

    def duplicate(self) -> int:
        """A descriptor of the socket: uvloop lets nobody watch its transport's own. The caller closes it."""
        return os.dup(self._socket().fileno())

    async def writable(self, duplicate: int) -> None:
        """Until the peer takes something again, or is gone."""
        loop = asyncio.get_running_loop()
        if not self._is_watched:
            loop.add_writer(duplicate, self._takes_more, duplicate)
            self._is_watched = True
        self._waiting = loop.create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    def stop_watching(self, duplicate: int) -> None:
        if self._is_watched:
            asyncio.get_running_loop().remove_writer(duplicate)
            self._is_watched = False

    def _takes_more(self, duplicate: int) -> None:
        """Called again and again while the peer takes more. Watching is expensive to begin, so it ends only then."""
        if self._waiting is None:
            self.stop_watching(duplicate)
        else:
            self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():  # it is told again before the waiting one has run
            self._waiting.set_result(None)

    def _socket(self) -> socket.socket:
        found: socket.socket = self.transport.get_extra_info("socket")
        return found


class UvicornFileWire:
    """The extension `playlist.file` of one request (playlist/asgi_types.py)."""

    def __init__(self, cycle: Cycle, line: Line) -> None:
        self._cycle = cycle
        self._line = line

    def be_patient(self) -> None:
        self._line.be_patient()

    async def send_file(self, descriptor: int, start: int, end: int) -> bool:
        await self._headers_written()
        if self._line.is_lost():
            return False
        peer = self._line.duplicate()
        try:
            reached = await self._copy(peer, descriptor, start, end)
        finally:
            self._line.stop_watching(peer)
            os.close(peer)
        self._cycle.expected_content_length -= reached - start
        if reached < end:
            self._line.transport.abort()
            return False
        while not self._cycle.keep_alive and self._line.is_still_taken():
            # Once this end has closed, the kernel gives a peer that pauses two minutes for the rest.
            await asyncio.sleep(LOOK_SECONDS)
        return not self._line.is_lost()

    async def _headers_written(self) -> None:
        """Until the transport has nothing in its buffer, before which nothing else may reach the socket."""
        transport = self._line.transport
        transport.set_write_buffer_limits(high=0)
        try:
            while transport.get_write_buffer_size() and not self._line.is_lost():
                await self._cycle.flow.drain()
                await asyncio.sleep(0)  # uvloop writes at the end of a turn
        finally:
            transport.set_write_buffer_limits()

    async def _copy(self, peer: int, descriptor: int, start: int, end: int) -> int:
        """Copy as much as the file has and the peer takes; the position that was reached."""
        in_memory = start
        while start < end and not self._line.is_lost():
            size = min(BLOCK_BYTES, end - start)
            try:
                if start + size > in_memory:
                    ahead = min(AHEAD_BYTES, end - start)
                    if not at_hand(descriptor, start, ahead):
                        await on_disk(os.pread, descriptor, ahead, start)
                    in_memory = start + ahead
                sent = os.sendfile(peer, descriptor, start, size)
            except BlockingIOError:
                await self._line.writable(peer)
                continue
            except OSError:  # the peer is gone, or the disk fails
                break
            if sent == 0:  # the file became shorter
                break
            start += sent
            if sent < size:
                await self._line.writable(peer)
            else:
                await asyncio.sleep(0)
        return start


def at_hand(descriptor: int, start: int, size: int) -> bool:
    """Whether the last of these bytes is in memory, so that the loop will not wait for a disk."""
    if not hasattr(os, "preadv") or not hasattr(os, "RWF_NOWAIT"):
        return True
    try:
        os.preadv(descriptor, [bytearray(1)], start + size - 1, os.RWF_NOWAIT)
    except BlockingIOError:
        return False
    except OSError:  # this file system cannot tell
        return True
    return True


def _untaken_bytes(descriptor: int) -> int:
    """The bytes that the kernel holds for the peer; 0 where it cannot tell."""
    if fcntl is None:
        return 0
    try:
        return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0" * 4))[0])
    except OSError:
        return 0
