"""Windows, decoded by the browser, have the samples that it gives of the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.music.conftest import sounds  # noqa: F401 - a fixture
from tests.music.windowed import COMPARE, NAMES, question

#: The largest difference of a sample.
TOLERANCE = {"opus": 2e-3}


@pytest.mark.parametrize("name", NAMES)
def test_a_window_sounds_like_the_same_part_of_the_whole(
    name: str,
    sounds: dict[str, Path],  # noqa: F811
    page: Page,
    tmp_path: Path,
) -> None:
    asked = question(name, sounds, tmp_path)
    result = page.evaluate(COMPARE, asked.arguments)
    # Of Vorbis some browsers leave out a few samples at the end, which windows have.
    assert result["length"] <= asked.total
    assert asked.total - result["length"] <= (256 if name == "vorbis" else 0)
    assert max(result["found"]) <= TOLERANCE.get(name, 0.0)
