"""Runs the regular tasks, each in one of any number of processes."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from django.conf import settings
from django.db import connection

from playlist.checkpoints import Maker
from playlist.upkeep import SteadyClock, upkeep_if_due
from realtime.regularly import regularly

logger = logging.getLogger(__name__)


async def daily_upkeep() -> None:
    """Look every UPKEEP_CHECK_SECONDS whether the upkeep is due. It runs on its own thread, as it may take a while."""
    await asyncio.sleep(settings.UPKEEP_CHECK_SECONDS)
    work = partial(asyncio.to_thread, _upkeep, SteadyClock())
    await regularly(work, settings.UPKEEP_CHECK_SECONDS, "The daily upkeep has to wait")


def _upkeep(clock: SteadyClock) -> None:
    try:
        pruned = upkeep_if_due(clock)
        if pruned is not None:
            logger.info("Daily upkeep: %s", pruned)
    finally:
        connection.close()


async def checkpoints() -> None:
    """Make checkpoints at the start, and look every CHECKPOINT_CHECK_SECONDS whether more are due."""
    work = partial(asyncio.to_thread, _checkpoints, Maker())
    await regularly(work, settings.CHECKPOINT_CHECK_SECONDS, "Checkpoints cannot be made")


def _checkpoints(maker: Maker) -> None:
    try:
        maker.make()
    finally:
        connection.close()
