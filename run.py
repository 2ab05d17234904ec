#!/usr/bin/env python3
"""One entry for everything, on the standard library alone.

    python3 run.py serve             set up and start the server, as HOST, PORT, DATA_DIR, DATABASE_URL, REDIS_URL say
    python3 run.py test  [ARG …]     the test suite on SQLite, then on PostgreSQL where TEST_POSTGRES_URL names a server
    python3 run.py check             ruff, mypy, import-linter, and whether a migration is missing
    python3 run.py bench NAME        a benchmark from bench/: votes, fanout
    python3 run.py manage COMMAND …  Django's management commands

Packages go into .venv beside this file. A step whose inputs did not change is skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UV = "uv==0.13.8"


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - it is what tells the user
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    command, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    steps = {"serve": serve, "test": test, "check": check, "bench": bench, "manage": manage}
    if command not in steps:
        print(__doc__)
        return 0 if command in ("", "help", "-h", "--help") else 2
    os.chdir(ROOT)
    return steps[command](arguments)


def serve(arguments: list[str]) -> int:
    install("requirements.txt")
    if arguments:
        print("serve takes no arguments: HOST, PORT and the rest come from the environment or .env (see .env.example).")
        return 2
    return replace_process("-m", "playlist_backend.server", "--prepare")


def test(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    print("== The suite on SQLite", flush=True)
    status = pytest(arguments, DATABASE_URL="")
    postgres = os.environ.get("TEST_POSTGRES_URL", "")
    if postgres:
        print("== The suite on PostgreSQL", flush=True)
        status = pytest(arguments, DATABASE_URL=postgres) or status
    elif os.environ.get("CI"):
        print("TEST_POSTGRES_URL is not set, and in CI nothing is skipped.")
        status = status or 1
    else:
        print(
            "skipped: the suite on PostgreSQL. Install it (Debian: apt install postgresql) and set\n"
            "TEST_POSTGRES_URL=postgres://USER:PASSWORD@HOST/DATABASE, whose user may create databases."
        )
    return status


def check(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    environment = {**os.environ, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    tools = (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"],
        ["manage.py", "makemigrations", "--check", "--dry-run"],
    )
    failed = [tool for tool in tools if subprocess.call([str(PYTHON), *tool], env=environment)]
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if name not in known:
        print(f"python3 run.py bench NAME, with NAME one of: {', '.join(known)}")
        return 2
    return subprocess.call([str(PYTHON), "-m", f"bench.{name}", *rest])


def manage(arguments: list[str]) -> int:
    install("requirements.txt")
    return replace_process("manage.py", *arguments)


def install(requirements: str) -> None:
    """Bring .venv to what `requirements` pins. The development file holds all of the other, so it serves both."""
    if not PYTHON.exists():
        create_environment()
    stamps = {name: VENV / f".installed-{name}" for name in ("requirements.txt", "requirements-dev.txt")}
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in stamps}
    serving = {requirements, "requirements-dev.txt"}
    if any(stamps[name].exists() and stamps[name].read_text() == wanted[name] for name in serving):
        return
    print(f"Installing the packages of {requirements} into .venv …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    pinned = ["install", "--require-hashes", "-r", requirements]
    with_uv = subprocess.call([*pip, "install", UV]) == 0 and (
        subprocess.call([str(PYTHON), "-m", "uv", "--quiet", "pip", *pinned, "--python", str(PYTHON)]) == 0
    )
    if not with_uv and subprocess.call([*pip, *pinned]) != 0:
        sys.exit(f"The packages of {requirements} could not be installed; the lines above say why.")
    stamps[requirements].write_text(wanted[requirements])


def create_environment() -> None:
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except (subprocess.CalledProcessError, ImportError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)  # half an environment would stand in the way of the next try
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"The virtual environment could not be made ({error}).\n"
            f"On Debian and Ubuntu install it with: apt install python{version}-venv"
        )


def pytest(arguments: list[str], **environment: str) -> int:
    return subprocess.call([str(PYTHON), "-m", "pytest", *arguments], env={**os.environ, **environment})


def replace_process(*arguments: str) -> int:
    """Become the Python of .venv, so that signals reach the program itself."""
    command = [str(PYTHON), *arguments]
    if os.name == "nt":
        return subprocess.call(command)
    return os.execv(command[0], command)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
