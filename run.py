#!/usr/bin/env python3
"""One entry for everything, on the standard library alone.

    python3 run.py serve             set up and start the server, as HOST, PORT, DATA_DIR, DATABASE_URL, REDIS_URL say
    python3 run.py test              all tests: the client's, on SQLite, in Chromium, and on PostgreSQL where
                                     TEST_POSTGRES_URL names a server
    python3 run.py test ARG …        pytest alone, with these arguments, on SQLite and on PostgreSQL
    python3 run.py check             ruff, mypy, import-linter, missing migrations; tsc, eslint, the client's types
    python3 run.py client            build the web client; serve and test do it when its sources have changed
    python3 run.py types             make the client's types anew, after a change of what the server says
    python3 run.py documents         lint the OpenAPI and the AsyncAPI document, make clients from them, and remember it
    python3 run.py faults [NAME …] [--seed N]
                                     break servers, Redis and the database on purpose, and see that nothing is lost
    python3 run.py listen [--short | --minutes M | --trouble] [--browsers CCF] [--jitter MS] [--fallback]
                                     browsers play a room aloud; what is heard is held against the plan and each other
    python3 run.py screenshots       take the pictures in docs/images anew
    python3 run.py screenshots evening|sound FOLDER
                                     every screen at each turn of an evening; all that a speaker may say, to look at
    python3 run.py bench [--quick]   every goal in one table; with --json FILE (- for standard output) as JSON
    python3 run.py bench NAME        one of bench/: votes, fanout, storm, latency, joins, processes, search, import,
                                     client, stream; or curves: how cost grows, as docs/performance.md has it
    python3 run.py manage COMMAND …  Django's management commands

Packages go into .venv beside this file, the client's into frontend/node_modules; Node comes from PyPI where there is
none. A step whose inputs did not change is skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys

from toolchain import (
    FRONTEND,
    PYTHON,
    ROOT,
    CannotInstall,
    build_client,
    install,
    install_document_tools,
    install_node_packages,
    node,
    node_environment,
    npx,
)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - it is what tells the user
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    command, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    steps = {
        "serve": serve,
        "test": test,
        "check": check,
        "client": client,
        "types": types,
        "documents": documents,
        "screenshots": screenshots,
        "bench": bench,
        "faults": faults,
        "listen": listen,
        "manage": manage,
    }
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
    try:
        is_built = build_client() == 0
    except CannotInstall as error:
        print(error, flush=True)
        is_built = False
    if not is_built:
        print("Going on without the web client: the API works, and the lines above say what is missing.", flush=True)
    return replace_process("-m", "playlist_backend.server", "--prepare")


def test(arguments: list[str]) -> int:
    """Arguments go to pytest, on each database; without any the client's tests and those in Chromium run, too."""
    install("requirements-dev.txt")
    install_node_packages(development=True)
    if build_client():
        sys.exit("The web client could not be built; the lines above say why.")
    status = 0
    if not arguments:
        print("== The web client by itself", flush=True)
        status = npx("vitest", "run", "--config", "vitest.config.ts", "--reporter=dot")
    print("== The suite on SQLite", flush=True)
    status = pytest(arguments, DATABASE_URL="") or status
    if not arguments:
        print("== In the browser", flush=True)
        status = pytest(["-m", "browser and not long", "-n", "2", "tests/e2e"], DATABASE_URL="") or status
    postgres = os.environ.get("TEST_POSTGRES_URL", "")
    if postgres:
        print("== The suite on PostgreSQL", flush=True)
        # What touches no database, or says nothing of it, has run once already.
        selected = arguments or ["-m", "not pure and not once and not long and not browser and not documents"]
        status = pytest(selected, DATABASE_URL=postgres) or status
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
        ["-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"],
        ["manage.py", "makemigrations", "--check", "--dry-run"],
    )
    types_of_python = subprocess.Popen([str(PYTHON), "-m", "mypy"], env=environment)  # as long as all others together
    failed = [tool for tool in tools if subprocess.call([str(PYTHON), *tool], env=environment)]
    install_node_packages(development=True)
    clean = [npx("tsc", "--noEmit"), npx("eslint", "."), client_types("--check"), types_of_python.wait()]
    return 1 if failed or any(clean) else 0


def client(arguments: list[str]) -> int:
    install("requirements.txt")
    return build_client()


def types(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    install_node_packages(development=True)
    return client_types()


def documents(arguments: list[str]) -> int:
    """Other people's tools are tried on what the server says, and checked.json remembers on what."""
    install("requirements-dev.txt")
    install_document_tools()
    status = pytest(["-m", "documents", "tests/documents", *arguments], DATABASE_URL="")
    if status or arguments:
        return status
    environment = {**os.environ, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.call([str(PYTHON), "-m", "tests.documents.checked"], env=environment)


def screenshots(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    return build_client() or subprocess.call([str(PYTHON), "-m", "tests.e2e.screenshots", *arguments])


def client_types(*arguments: str) -> int:
    """Make frontend/src/protocol/*.generated.ts from the server's own documents, or check that they are."""
    environment = {**os.environ, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    documents = subprocess.run(
        [str(PYTHON), "-m", "playlist_backend.documents"], env=environment, stdout=subprocess.PIPE, check=False
    )
    if documents.returncode != 0:
        return documents.returncode
    command = [node("node"), "scripts/types.mjs", *arguments]
    return subprocess.run(command, cwd=FRONTEND, input=documents.stdout, env=node_environment(), check=False).returncode


def bench(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    is_named = bool(arguments) and not arguments[0].startswith("-")
    name, rest = (arguments[0], arguments[1:]) if is_named else ("goals", arguments)
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if name not in known:
        print(f"python3 run.py bench NAME, with NAME one of: {', '.join(known)}")
        return 2
    if name in ("goals", "client") and build_client() != 0:
        return 1
    return subprocess.call([str(PYTHON), "-m", f"bench.{name}", *rest])


def faults(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    return subprocess.call([str(PYTHON), "-m", "tests.faults", *arguments])


def listen(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    return build_client() or subprocess.call([str(PYTHON), "-m", "tests.listen", *arguments])


def manage(arguments: list[str]) -> int:
    install("requirements.txt")
    return replace_process("manage.py", *arguments)


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
    except CannotInstall as error:
        sys.exit(str(error))
