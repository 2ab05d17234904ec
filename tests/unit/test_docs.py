"""What the documentation lists is what there is."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from playlist_backend import environment, handbook
from playlist_backend.dotenv import parse_dotenv
from tests.servers import ROOT

pytestmark = pytest.mark.pure


def test_the_tables_of_settings_and_the_example_are_what_the_program_says() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    assert "| `PORT` | `8000` |" in page
    assert page == handbook.operations(page), "make it anew: python -m playlist_backend.handbook"
    assert (ROOT / ".env.example").read_text() == handbook.example(), (
        "make it anew: python -m playlist_backend.handbook"
    )


def test_the_example_is_a_file_of_settings_that_stand_for_themselves() -> None:
    """With all comments taken away it says the defaults."""
    written = re.sub(r"^#(?=[A-Z_]+=)", "", handbook.example(), flags=re.MULTILINE)
    given = parse_dotenv(written.encode())
    assert given.keys() == environment.DECLARED.keys()
    assert environment.read(given) == environment.read({})


def test_every_setting_is_used() -> None:
    source = (ROOT / "playlist_backend/settings.py").read_text() + (ROOT / "playlist_backend/storage.py").read_text()
    used = set(re.findall(r"(?:_given|environment)\.([A-Z][A-Z_]+)", source))
    assert used == environment.DECLARED.keys()


def test_compose_and_the_image_name_settings_that_there_are() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    server = compose[compose.index("environment: &environment") : compose.index("  command: [python")]
    named = set(re.findall(r"^    ([A-Z_]+):", server, re.MULTILINE))
    for name in named:
        assert name in environment.DECLARED or name == "PGPASSWORD", name  # libpq's own
    # Everything else comes from .env as it stands there, but not what is true of the machine and not of a container.
    assert "env_file: [{path: .env, required: false}]" in compose
    assert named >= {"HOST", "PORT", "DATA_DIR", "MUSIC_DIR", "DATABASE_URL", "REDIS_URL"}


def test_no_file_holds_what_a_merge_left_behind() -> None:
    """Between quotes neither a linter nor a compiler sees it."""
    marks = re.compile(rb"^(<{7}|>{7}|={7}$)", re.MULTILINE)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / os.fsdecode(name) for name in tracked.split(b"\0") if name]
    assert [str(file) for file in files if file.is_file() and marks.search(file.read_bytes())] == []


def test_every_benchmark_is_named_by_the_command_that_runs_it() -> None:
    named = re.search(r"bench NAME\s+one of bench/: ([^;]+);", (ROOT / "run.py").read_text())
    assert named is not None
    there = {file.stem for file in (ROOT / "bench").glob("*.py") if not file.stem.startswith("_")}
    assert set(re.split(r",\s+", named[1])) == there - {"curves", "goals"}
