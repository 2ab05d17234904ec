"""Work that a process does every few seconds for as long as it lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django.db import DatabaseError

logger = logging.getLogger(__name__)


async def regularly(work: Callable[[], Awaitable[None]], every_seconds: float, trouble: str) -> None:
    """Do it for ever, the first time at once. No error ends that: it is logged behind `trouble`."""
    while True:
        try:
            await work()
        except DatabaseError as error:
            logger.warning("%s: %s", trouble, error)
        except Exception:
            logger.exception(trouble)
        await asyncio.sleep(every_seconds)
