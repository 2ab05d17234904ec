"""A line like Wi-Fi: each direction delays its bytes by a random time; it can be cut for a while, or be narrow."""

from __future__ import annotations

import asyncio
import random
import threading

#: What a narrow line carries at a time: beside what is fetched, the frames of a socket come through.
_SLICE = 4096


class Wifi:
    """A TCP proxy on a thread of its own, in front of one server."""

    def __init__(self, to_port: int, jitter_ms: float, seed: int) -> None:
        """`jitter_ms` is the mean of the delays, which are exponential, in each direction."""
        self._to_port, self._jitter = to_port, jitter_ms / 1000
        self._choice = random.Random(seed)
        self._is_cut = False
        #: Bytes a second to the browser, over all connections together; None: as many as there are.
        self._width: int | None = None
        self._is_free_at = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    async def _start(self) -> int:
        self._listener = await asyncio.start_server(self._opened, "127.0.0.1", 0)
        return int(self._listener.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Reset every line, and let no new one through."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        self._is_cut = True
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        self._is_cut = False

    def narrow(self, bytes_per_second: int | None) -> None:
        self._width = bytes_per_second

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._cut()
        self._listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, to_server}
        self._writers |= both
        await asyncio.gather(self._pass_on(reader, to_server), self._pass_on(from_server, writer, is_to_browser=True))
        self._writers -= both

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, is_to_browser: bool = False
    ) -> None:
        loop = asyncio.get_running_loop()
        due = 0.0
        try:
            while data := await source.read(_SLICE if self._width else 65536):
                if self._width and is_to_browser:
                    self._is_free_at = max(self._is_free_at, loop.time()) + len(data) / self._width
                    await asyncio.sleep(self._is_free_at - loop.time())
                if self._jitter:
                    # TCP keeps the order: what comes after something late is late, too.
                    due = max(due, loop.time() + self._choice.expovariate(1 / self._jitter))
                    await asyncio.sleep(due - loop.time())
                target.write(data)
                await target.drain()
        except OSError:
            pass
        target.close()
