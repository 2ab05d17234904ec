"""What the documentation lists is what there is."""

from __future__ import annotations

import re

import pytest

from tests.servers import ROOT

pytestmark = pytest.mark.pure


def test_every_setting_is_documented() -> None:
    source = (ROOT / "playlist_backend/settings.py").read_text()
    read = set(re.findall(r'(?:env\.(?:str|bool|list)|_whole|_number)\(\s*"([A-Z_]+)"', source))
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/operations.md").read_text()))
    assert read - told == set()
    examples = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert examples - read == set(), "an example of a setting that there is not"


def test_compose_and_the_image_name_settings_that_there_are() -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    compose = (ROOT / "docker-compose.yml").read_text()
    server = compose[compose.index("environment: &environment") : compose.index("  command: [python")]
    for name in re.findall(r"^    ([A-Z_]+):", server, re.MULTILINE):
        assert f"`{name}`" in operations, name
