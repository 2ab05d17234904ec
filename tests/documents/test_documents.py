"""What other people's tools make of the two documents: linted, parsed, and made into clients that compile and work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playlist_backend.documents import documents
from tests.servers import Server, serving
from toolchain import DOCUMENTS, node, node_environment, python_of

pytestmark = pytest.mark.documents

PROGRAMS = python_of(DOCUMENTS / ".venv").parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both documents, in which Node finds the tools."""
    assert PROGRAMS.exists(), "python3 run.py documents installs the tools, and runs this"
    for name, document in documents().items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document, default=str))
    (tmp_path / "node_modules").symlink_to(DOCUMENTS / "node_modules")
    return tmp_path


@pytest.fixture
def server(tracks: list[str]) -> Iterator[Server]:
    with serving() as server:
        yield server


def run(program: str | Path, *arguments: str | Path, cwd: Path) -> str:
    """What a program prints, which must succeed."""
    environment = node_environment()
    environment["PATH"] = f"{PROGRAMS}{os.pathsep}{environment['PATH']}"
    command = [str(part) for part in (program, *arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def node_tool(name: str, *arguments: str | Path, cwd: Path) -> str:
    return run(DOCUMENTS / "node_modules" / ".bin" / name, *arguments, cwd=cwd)


def assert_evening(said: str) -> None:
    """What evening.ts and evening.py print is what an evening looks like."""
    seen: dict[str, Any] = json.loads(said)
    assert seen.pop("year") >= 2024
    assert seen == {"votes": 1, "titles": ["Song 1", "track.voted"], "refused": 404}


@pytest.mark.pure
@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_the_linter_finds_nothing(folder: Path, name: str) -> None:
    rules = DOCUMENTS / "spectral.yaml"
    node_tool("spectral", "lint", "--fail-severity=warn", "--ruleset", rules, f"{name}.json", cwd=folder)


@pytest.mark.pure
def test_the_parser_of_asyncapi_knows_every_message(folder: Path) -> None:
    said = run(node("node"), DOCUMENTS / "parse.mjs", folder / "asyncapi.json", cwd=folder)
    document = json.loads((folder / "asyncapi.json").read_text())
    assert set(json.loads(said)) == set(document["components"]["messages"])


def test_clients_in_typescript_compile_and_work(folder: Path, server: Server) -> None:
    wanted = ("-g", "typescript-fetch", "-o", "client")
    run(PROGRAMS / "openapi-generator-cli", "generate", "-i", "openapi.json", *wanted, cwd=folder)
    node_tool("openapi-typescript", "openapi.json", "-o", "types.ts", cwd=folder)
    for name in ("evening.ts", "tsconfig.json"):
        shutil.copy(DOCUMENTS / name, folder)
    node_tool("tsc", cwd=folder)
    assert_evening(run(node("node"), "built/evening.js", f"http://127.0.0.1:{server.port}", cwd=folder))


def test_a_client_in_python_compiles_and_works(folder: Path, server: Server) -> None:
    wanted = ("--meta", "none", "--output-path", "playlist_client", "--fail-on-warning")
    run(PROGRAMS / "openapi-python-client", "generate", "--path", "openapi.json", *wanted, cwd=folder)
    shutil.copy(DOCUMENTS / "evening.py", folder)
    python = python_of(DOCUMENTS / ".venv")
    run(python, "-m", "compileall", "-q", "playlist_client", cwd=folder)
    options = (f"--config-file={DOCUMENTS / 'mypy.ini'}", f"--python-executable={python}")
    run(sys.executable, "-m", "mypy", *options, "playlist_client", "evening.py", cwd=folder)
    assert_evening(run(python, "evening.py", f"http://127.0.0.1:{server.port}", cwd=folder))
