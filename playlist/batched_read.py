"""One read of the database for many who ask the same thing at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, Generic, TypeVar

from playlist.reading import read

T = TypeVar("T")

K = TypeVar("K", bound=Hashable)


class BatchedRead(Generic[K, T]):
    """One read for many who ask the same thing at once, each for a key of their own.

    The first one after quiet is read for at once; who asks after that is gathered for a moment, and answered by a read
    that begins afterwards, so no answer is older than its question. To a crowd a read costs less than the hop to a
    thread and back. A slow read does not hold up the next ones, as long as they are few.
    """

    #: At most one read begins in so long, and so many are under way.
    GATHER_SECONDS = 0.01
    AT_ONCE = 4

    def __init__(
        self,
        ask: Callable[[list[K]], Mapping[K, T | Exception]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`ask` runs on a reader thread. An exception in what it returns is raised for that key alone."""
        self._ask = ask
        self._spawn = spawn
        self._waiting: dict[K, list[asyncio.Future[T]]] = {}
        self._gathering = False
        self._next_at = 0.0
        self._free = asyncio.Semaphore(self.AT_ONCE)

    async def __call__(self, key: K) -> T:
        """The answer for this key. Raises whatever `ask` raised, or gave for the key."""
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
                if not future.done():  # else whoever asked is gone
                    _resolve(future, answers.get(key, LookupError(key)))


def _resolve(future: asyncio.Future[T], answer: T | Exception) -> None:
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
