"""Windows, decoded by Firefox, have the samples that it gives of the whole file; of Chromium tests/e2e holds that."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listen.browsers import Firefox
from tests.music.conftest import sounds  # noqa: F401 - a fixture
from tests.music.windowed import COMPARE, NAMES, question
from tests.servers import DEADLINE
from tests.services import Missing

#: What it leaves in front of a whole file with LAME's header: the encoder's delay. Windows have none, as in Chromium.
LATE = {"mp3_cbr": 576, "mp3_vbr": 576, "mp3_low": 576}
#: What it leaves out of each window, and frontend/src/player/adts.ts makes up for.
LEFT_OUT = {"aac_fast": 1024}
#: The largest difference of a sample: it decodes MP3 to 16 bits.
TOLERANCE = {"mp3": 4e-5, "opus": 2e-3}

pytestmark = [pytest.mark.pure, pytest.mark.long]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    try:
        browser = Firefox(tmp_path_factory.mktemp("firefox") / "profile", {}, "room.test", "about:blank", True)
    except Missing as missing:
        pytest.skip(str(missing))
    yield browser
    browser.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_window_sounds_like_the_same_part_of_the_whole(
    name: str,
    sounds: dict[str, Path],  # noqa: F811
    firefox: Firefox,
    tmp_path: Path,
) -> None:
    asked = question(name, sounds, tmp_path)
    given = f"{json.dumps(asked.arguments)}, {LATE.get(name, 0)}, {LEFT_OUT.get(name, 0)}"
    ask = f"""(() => {{
      window.told = null;
      const tell = (told) => {{ window.told = JSON.stringify(told); }};
      ({COMPARE})({given}).then(tell, (error) => tell(String(error)));
      return true;
    }})()"""
    assert firefox.run(ask)
    give_up_at = time.monotonic() + DEADLINE
    while (told := firefox.run("window.told")) is None:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    result = json.loads(str(told))
    assert result["length"] >= asked.total
    assert max(result["found"]) <= TOLERANCE.get(name.partition("_")[0], 0.0)
