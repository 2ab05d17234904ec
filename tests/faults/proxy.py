"""Lines that can be cut, or fall silent: a TCP proxy in this process, in front of one server."""

from __future__ import annotations

import asyncio


class Proxy:
    """Passes bytes on both ways, until it is told not to."""

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.port = 0
        self._listener: asyncio.Server | None = None
        self._lines: set[Line] = set()

    async def start(self) -> Proxy:
        self._listener = await asyncio.start_server(self._opened, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        self.cut()
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()

    def cut(self) -> None:
        """Reset every line, at both ends."""
        lines, self._lines = self._lines, set()
        for line in lines:
            line.cut()

    def silence(self) -> list[Line]:
        """No byte gets through any more on the lines of now, either way, and neither end is told. New lines work."""
        for line in self._lines:
            line.is_silent = True
        return list(self._lines)

    async def _opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.transport.abort()
            return
        line = Line(writer, to_server)
        self._lines.add(line)
        await asyncio.gather(line.to_server(reader), line.to_client(from_server))
        self._lines.discard(line)


class Line:
    """Between one client and the server."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._client, self._server = client, server
        self.is_silent = False
        #: Whether the server has let go of its end.
        self.server_is_gone = False

    def cut(self) -> None:
        """Reset both ends."""
        self._client.transport.abort()
        self._server.transport.abort()

    async def to_server(self, source: asyncio.StreamReader) -> None:
        await self._pass_on(source, self._server)

    async def to_client(self, source: asyncio.StreamReader) -> None:
        await self._pass_on(source, self._client)
        self.server_is_gone = True

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                if not self.is_silent:
                    target.write(data)
                    await target.drain()
        except OSError:
            pass
        if not self.is_silent:
            target.close()
