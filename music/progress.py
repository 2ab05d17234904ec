"""The bar in the terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def shown(counted: Callable[[], tuple[int, int]]) -> Iterator[None]:
    """Show (done, found) as a bar while the context lasts; nothing where no person looks at standard output."""
    if not sys.stdout.isatty():
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("Music", total=None)
        over = threading.Event()

        def follow() -> None:
            while not over.wait(0.2):
                done, found = counted()
                bar.update(task, completed=done, total=found or None)

        thread = threading.Thread(target=follow, name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
