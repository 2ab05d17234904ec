"""Reads the database from the event loop, on a bounded number of threads of its own.

Not with asgiref's sync_to_async: it has one thread for all sockets, so all of them wait behind the slowest query.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

P = ParamSpec("P")

T = TypeVar("T")


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.READER_THREADS, thread_name_prefix="reader")


async def read(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run `function` on a reader thread. Cancelling the caller does not stop it, so it must only read."""

    def run() -> T:
        try:
            return function(*arguments, **named)
        finally:
            release_connection()

    return await asyncio.get_running_loop().run_in_executor(_readers(), run)


def release_connection() -> None:
    """Return this thread's connection to the pool. SQLite has no pool, so there a thread keeps its own."""
    if connection.vendor != "sqlite":
        connection.close()
