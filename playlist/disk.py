"""Work with files from the event loop, on a bounded number of threads of its own: a disk that sleeps stops nobody.

Not on the threads of reading.py, since then sockets would wait for disks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from django.conf import settings

P = ParamSpec("P")

T = TypeVar("T")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.DISK_THREADS, thread_name_prefix="disk")


async def on_disk(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run `function`, which must not use the database. Cancelling the caller does not stop it."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), lambda: function(*arguments, **named))
