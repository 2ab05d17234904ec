"""Feeds one socket: in order, without waiting for it, and without letting it grow the memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import CoroutineType
from typing import Any

Send = Callable[[Any], Awaitable[None]]


class Outlet:
    """What is pushed goes out at once while the socket takes it, and waits in line while it does not.

    The server's `send` is stepped directly; only one that blocks gets a task of its own. A queue and a task for every
    socket would cost half as much again for each delivery.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[Any] = deque()
        self._task: asyncio.Task[None] | None = None
        #: Loop time since which the socket has taken nothing; None while it takes.
        self.blocked_since: float | None = None
        self.failed = False

    @property
    def waiting(self) -> int:
        """How many messages are in line."""
        return len(self._waiting)

    def push(self, message: Any) -> None:
        """Send an ASGI message, after all that were pushed before. Never blocks, never raises."""
        if self.failed:
            return
        if self._task is not None:
            self._waiting.append(message)
            return
        rest = self._step(self._send(message))
        if rest is not None:
            loop = asyncio.get_running_loop()
            self.blocked_since = loop.time()
            self._task = loop.create_task(self._go_on(rest))

    def _step(self, sending: Awaitable[None]) -> _Rest | None:
        """Run `sending` until it is done (None) or waits for something (the rest of it)."""
        coroutine = sending if type(sending) is CoroutineType else _wrapped(sending)
        try:
            waits_for = coroutine.send(None)
        except StopIteration:
            return None
        except Exception:
            self.failed = True
            return None
        return _Rest(coroutine, waits_for)

    async def _go_on(self, rest: _Rest) -> None:
        loop = asyncio.get_running_loop()
        try:
            await rest
            while self._waiting:
                self.blocked_since = loop.time()
                await self._send(self._waiting.popleft())
        except Exception:
            self.failed = True
            self._waiting.clear()
        finally:
            self.blocked_since = None
            self._task = None

    async def close(self, message: Any, within_seconds: float) -> None:
        """Send a last message if the socket takes it in time; then give up on everything else."""
        self.push(message)
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=within_seconds)
        self.drop()

    def drop(self) -> None:
        """Send nothing more."""
        self.failed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()


async def _wrapped(sending: Awaitable[None]) -> None:
    await sending


class _Rest:
    """A coroutine that was stepped once and waits: awaiting this takes it to its end."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
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
