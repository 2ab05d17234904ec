"""Runs the regular tasks, each in one of any number of processes."""

from __future__ import annotations

import asyncio
import logging

from django.conf import settings
from django.db import DatabaseError, connection

from playlist.checkpoints import Maker
from playlist.upkeep import Pruned, SteadyClock, upkeep_if_due

logger = logging.getLogger(__name__)


async def daily_upkeep() -> None:
    """Check every UPKEEP_CHECK_SECONDS whether the upkeep is due. It runs on its own thread, as it may take a while."""
    clock = SteadyClock()
    while True:
        await asyncio.sleep(settings.UPKEEP_CHECK_SECONDS)
        try:
            pruned = await asyncio.to_thread(_upkeep, clock)
        except DatabaseError as error:
            logger.warning("The daily upkeep has to wait: %s", error)
        except Exception:
            logger.exception("The daily upkeep failed")
        else:
            if pruned is not None:
                logger.info("Daily upkeep: %s", pruned)


def _upkeep(clock: SteadyClock) -> Pruned | None:
    try:
        return upkeep_if_due(clock)
    finally:
        connection.close()


async def checkpoints() -> None:
    """Make checkpoints at the start, and look every CHECKPOINT_CHECK_SECONDS whether more are due."""
    maker = Maker()
    while True:
        try:
            await asyncio.to_thread(_checkpoints, maker)
        except DatabaseError as error:  # it is away, or full: the next look is soon
            logger.warning("Checkpoints could not be made: %s", error)
        except Exception:
            logger.exception("Checkpoints could not be made")
        await asyncio.sleep(settings.CHECKPOINT_CHECK_SECONDS)


def _checkpoints(maker: Maker) -> None:
    try:
        maker.make()
    finally:
        connection.close()
