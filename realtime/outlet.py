"""Writes to one socket in order, without waiting for it, and with a limit on what may wait."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import CoroutineType

from django.conf import settings

from playlist.asgi_types import Message, Send, Wire, Write
from realtime.encoding import Packet


def waiting_limit_bytes() -> int:
    """The bytes that may wait for one socket: UNREAD_BYTES to catch up with, a page, and answers."""
    return int(settings.UNREAD_BYTES + 2 * settings.FRAME_OUT_BYTES)


class Outlet(ABC):
    """Hands packets to the socket at once, or keeps them in order while the socket takes nothing.

    It fails, and sends nothing more, when over `waiting_limit_bytes` wait or the socket raises an error.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._waiting: deque[Packet] | None = None  # made on demand: an empty one takes 760 bytes
        self.waiting_bytes = 0
        self._limit_bytes = limit_bytes
        #: Loop time since which the socket has taken nothing; None while it takes packets.
        self.blocked_since: float | None = None
        self.failed = False
        #: Called when the socket stops taking packets, and when every waiting packet has gone out.
        self.on_blocked: Callable[[], None] = _nothing
        self.on_drained: Callable[[], None] = _nothing
        self._drained: asyncio.Event | None = None

    #: Writes a frame's bytes straight to the transport; None where only messages can be sent.
    write: Write | None = None

    @abstractmethod
    def push(self, packet: Packet) -> None:
        """Send a packet after all earlier ones. Never blocks, never raises."""

    @abstractmethod
    async def close(self, message: Message, within_seconds: float) -> None:
        """Send a last message if the socket takes it in time; then give up on everything else."""

    @abstractmethod
    def drop(self) -> None:
        """Send nothing more."""

    def is_pinged(self) -> None:  # noqa: B027 - other servers ping as they like
        """Know that the reader pings by itself, and lets go of those who do not answer."""

    def look(self, now: float) -> None:  # noqa: B027 - only a wire makes progress unseen
        """Notice progress that no callback reports; called once a second."""

    async def drained(self) -> None:
        """Wait until nothing waits any more, or the outlet has failed."""
        if self.blocked_since is not None and not self.failed:
            self._drained = self._drained or asyncio.Event()
            await self._drained.wait()

    def _keep(self, packet: Packet) -> None:
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append(packet)
        self.waiting_bytes += len(packet.frame)
        if self.waiting_bytes > self._limit_bytes:
            self._fail()

    def _next(self) -> Packet | None:
        if not self._waiting:
            return None
        packet = self._waiting.popleft()
        self.waiting_bytes -= len(packet.frame)
        return packet

    def _block(self) -> None:
        self.blocked_since = asyncio.get_running_loop().time()
        self.on_blocked()

    def _unblock(self) -> None:
        self._waiting = None
        self.blocked_since = None
        self._wake()
        if not self.failed:
            self.on_drained()

    def _fail(self) -> None:
        self.failed = True
        self._waiting, self.waiting_bytes = None, 0
        self._wake()

    def _wake(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None


def _nothing() -> None:
    """The default of both callbacks."""


class WireOutlet(Outlet):
    """For our own server: writes bytes straight to the transport, and keeps them once its buffer is full."""

    def __init__(self, wire: Wire, send: Send) -> None:
        super().__init__(waiting_limit_bytes())
        self._wire = wire
        self._send = send
        self._buffered_bytes = 0
        self.write = wire.write
        wire.attach(self)

    def push(self, packet: Packet) -> None:
        if self.failed:
            return
        if self.blocked_since is None:
            self._wire.write(packet.frame)
        else:
            self._keep(packet)

    def paused(self) -> None:
        """The transport's buffer is full."""
        if self.blocked_since is None and not self.failed:
            self._buffered_bytes = self._wire.buffered_bytes()
            self._block()

    def resumed(self) -> None:
        """The transport's buffer has drained: write what waits, which may fill it again."""
        if self.blocked_since is None or self.failed:
            return
        frames = []
        while (packet := self._next()) is not None:
            frames.append(packet.frame)
        self.blocked_since = None
        if frames:
            self._wire.write(b"".join(frames))  # a transport that this fills calls `paused` at once
        if self.blocked_since is None:
            self._unblock()

    def closed(self) -> None:
        """The socket is closed, by either side."""
        self.drop()

    def is_pinged(self) -> None:
        # Those of the WebSocket layer would cost more than all that an idle socket does otherwise.
        self._wire.stop_keepalive()

    def look(self, now: float) -> None:
        if self.blocked_since is not None:
            buffered = self._wire.buffered_bytes()
            if buffered < self._buffered_bytes:
                self.blocked_since = now  # slow, but it reads
            self._buffered_bytes = buffered

    async def close(self, message: Message, within_seconds: float) -> None:
        try:
            async with asyncio.timeout(within_seconds):
                await self.drained()
                await self._send(message)
        except Exception:
            self._wire.abort()  # the peer takes nothing; a close would wait for its full buffer
        self.drop()

    def drop(self) -> None:
        self._fail()


class SendOutlet(Outlet):
    """For event streams and any other ASGI server: passes messages to `send`, one at a time.

    `send` is stepped directly, and gets a task only when it blocks. A queue and a task for every socket would make each
    delivery cost half as much again.
    """

    def __init__(self, send: Send) -> None:
        super().__init__(waiting_limit_bytes())
        self._send = send
        self._task: asyncio.Task[None] | None = None

    def push(self, packet: Packet) -> None:
        if self.failed:
            return
        if self._task is not None:
            self._keep(packet)
            return
        self._start(packet.message)

    def _start(self, message: Message) -> None:
        rest = self._step(self._send(message))
        if rest is not None:
            self._task = asyncio.get_running_loop().create_task(self._go_on(rest))
            self._block()

    def _step(self, sending: Awaitable[None]) -> _Rest | None:
        """Run `sending` until it is done (None) or waits for something (the rest of it)."""
        coroutine = sending if type(sending) is CoroutineType else _wrapped(sending)
        try:
            waits_for = coroutine.send(None)
        except StopIteration:
            return None
        except Exception:
            self._fail()
            return None
        return _Rest(coroutine, waits_for)

    async def _go_on(self, rest: _Rest) -> None:
        loop = asyncio.get_running_loop()
        try:
            await rest
            while (packet := self._next()) is not None:
                self.blocked_since = loop.time()
                await self._send(packet.message)
        except Exception:
            self._fail()
        finally:
            self._task = None
            self._unblock()

    async def close(self, message: Message, within_seconds: float) -> None:
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=within_seconds)
        if self._task is None and not self.failed:
            self._start(message)
            if self._task is not None:
                await asyncio.wait({self._task}, timeout=within_seconds)
        self.drop()

    def drop(self) -> None:
        self._fail()
        if self._task is not None:
            self._task.cancel()


async def _wrapped(sending: Awaitable[None]) -> None:
    await sending


class _Rest:
    """A coroutine that was stepped once and waits: awaiting this takes it to its end."""

    def __init__(self, coroutine: Coroutine[object, object, None], waits_for: object) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[object, object, None]:
        waits_for = self._waits_for
        while True:
            try:
                value = yield waits_for
            except BaseException as error:
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, value)
            try:
                waits_for = step()
            except StopIteration:
                return
