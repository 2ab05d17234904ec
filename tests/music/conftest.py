"""Sounds for all tests of this folder, made once however many processes run them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.music import sounds as recipes

try:
    import fcntl
except ImportError:  # Windows: each process makes its own
    fcntl = None  # type: ignore[assignment]


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The path of each sound of tests/music/sounds.py: to be copied, never changed."""
    for program in ("ffmpeg", "ffprobe"):
        if shutil.which(program) is None:
            message = f"{program} is not installed (Debian: apt install ffmpeg)"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sounds"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            recipes.make(folder)
            (folder / "made").touch()
    return {name: folder / f"{name}.{sound.ending}" for name, sound in recipes.SOUNDS.items()}
