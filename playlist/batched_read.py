"""One database read for many callers that ask for the same thing at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, Generic, TypeVar

from playlist.reading import read

T = TypeVar("T")

K = TypeVar("K", bound=Hashable)


class BatchedRead(Generic[K, T]):
    """One read for many callers, each with its own key.

    The first caller after a pause is read for at once; later callers are collected for GATHER_SECONDS and share the
    next read. A read starts after all its callers asked, so no answer is older than its question. For a crowd this
    costs less than a hop to a thread for each caller. A slow read delays the next ones only if AT_ONCE are running.
    """

    #: At most one read starts in GATHER_SECONDS, and at most AT_ONCE run.
    GATHER_SECONDS = 0.01
    AT_ONCE = 4

    def __init__(
        self,
        ask: Callable[[list[K]], Mapping[K, T | Exception]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`ask` runs on a reader thread. It may return an exception for a key, which is raised for that key alone."""
        self._ask = ask
        self._spawn = spawn
        self._waiting: dict[K, list[asyncio.Future[T]]] = {}
        self._gathering = False
        self._next_at = 0.0
        self._free = asyncio.Semaphore(self.AT_ONCE)

    async def __call__(self, key: K) -> T:
        """The answer for this key. Raises the exception that `ask` raised, or returned for the key."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(answer)
        if not self._gathering:
            self._gathering = True
            self._spawn(self._gather())
        return await answer

    async def _gather(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await asyncio.sleep(max(0.0, self._next_at - loop.time()))
                await self._free.acquire()
                self._next_at = loop.time() + self.GATHER_SECONDS
                asked, self._waiting = self._waiting, {}
                self._spawn(self._read(asked))
        finally:
            self._gathering = False

    async def _read(self, asked: dict[K, list[asyncio.Future[T]]]) -> None:
        answers: Mapping[K, T | Exception]
        try:
            answers = await read(self._ask, list(asked))
        except Exception as error:
            answers = dict.fromkeys(asked, error)
        finally:
            self._free.release()
        for key, waiting in asked.items():
            for future in waiting:
                if not future.done():  # else the caller is gone
                    _resolve(future, answers.get(key, LookupError(key)))


def _resolve(future: asyncio.Future[T], answer: T | Exception) -> None:
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
