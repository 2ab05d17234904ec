"""`python -m tests.faults.mortal POINT PASSES`: the product's server, which kills itself on the way of a commit.

It dies with SIGKILL when a batch has come to the point so many times.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from typing import Any

#: Point → after the call of what it is: module, what in it, function.
POINTS = {
    "after-lock": ("playlist.commit", "", "_lock"),
    "before-commit": ("playlist.batch", "Batch", "write"),
    "after-commit": ("playlist.commit", "", "execute"),
    "after-nudge": ("playlist.nudge", "", "tell"),
}


def main(point: str, passes: int) -> None:
    server = import_module("playlist_backend.server")  # first: it sets Django up
    module, owner, name = POINTS[point]
    holder = attrgetter(owner)(import_module(module)) if owner else import_module(module)
    setattr(holder, name, _dies_after(getattr(holder, name), passes))
    server.main([])


def _dies_after(function: Callable[..., Any], passes: int) -> Callable[..., Any]:
    passed = itertools.count(1)

    def called(*arguments: Any) -> Any:
        result = function(*arguments)
        if next(passed) == passes:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return called


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
