"""Listeners: sockets that take a file as fast as they can, or at the pace of somebody who hears it."""

from __future__ import annotations

import selectors
import socket
import time

_TAKEN_AT_ONCE = 1024 * 1024
#: Slow listeners take something so often.
TICK_SECONDS = 0.05
_scratch = bytearray(_TAKEN_AT_ONCE)


class Ear:
    """One listener, who asks for the whole file again and again on one connection."""

    def __init__(self, port: int, path: str) -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setblocking(False)
        self._missing = 0
        self._head = b""
        self.taken_bytes = 0

    def ask(self) -> None:
        self.socket.sendall(self._request)
        self._head = b""

    def take(self, limit: int) -> bool:
        """Take what has come, up to so many bytes; True when that was the end of the file."""
        if not self._missing:
            return self._take_head()
        try:
            # Thrown away by the kernel (tcp(7)): what the listener costs must not slow the server down.
            taken = self.socket.recv_into(_scratch, min(limit, self._missing, len(_scratch)), socket.MSG_TRUNC)
        except BlockingIOError:
            return False
        assert taken, "the server closed the connection"
        self._missing -= taken
        self.taken_bytes += taken
        return self._missing == 0

    def _take_head(self) -> bool:
        while not self._head.endswith(b"\r\n\r\n"):
            try:
                byte = self.socket.recv(1)
            except BlockingIOError:
                return False
            assert byte, "the server closed the connection"
            self._head += byte
        assert b" 200 " in self._head.splitlines()[0], self._head
        self._missing = int(self._head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return False


def take_at_once(port: int, path: str, count: int, seconds: float) -> int:
    """So many listeners at once, as fast as they can, for about so long; the bytes they got."""
    ears = [Ear(port, path) for _ in range(count)]
    ready = selectors.DefaultSelector()
    for ear in ears:
        ready.register(ear.socket, selectors.EVENT_READ, ear)
        ear.ask()
    until = time.perf_counter() + seconds
    hearing = count
    while hearing:
        for key, _ in ready.select(30):
            if key.data.take(_TAKEN_AT_ONCE):
                if time.perf_counter() < until:
                    key.data.ask()
                else:
                    ready.unregister(key.data.socket)
                    hearing -= 1
    ready.close()
    for ear in ears:
        ear.socket.close()
    return sum(ear.taken_bytes for ear in ears)


def take_slowly(port: int, path: str, count: int, bytes_per_second: int, seconds: float) -> None:
    """So many listeners who hear the music: each takes so much, evenly, and none hears the end."""
    ears = [Ear(port, path) for _ in range(count)]
    for ear in ears:
        ear.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        ear.ask()
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        for ear in ears:
            due = int(passed * bytes_per_second) - ear.taken_bytes
            if due > 0 and ear.take(due):
                ear.ask()
        time.sleep(TICK_SECONDS)
    for ear in ears:
        ear.socket.close()
