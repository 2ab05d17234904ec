#!/usr/bin/env python3
"""One entry for everything, on the standard library alone.

    python3 run.py serve             set up and start the server, as HOST, PORT, DATA_DIR, DATABASE_URL, REDIS_URL say
    python3 run.py test              all tests: the client's, on SQLite, in Chromium, and on PostgreSQL where
                                     TEST_POSTGRES_URL names a server
    python3 run.py test ARG …        pytest alone, with these arguments, on SQLite and on PostgreSQL
    python3 run.py check             ruff, mypy, import-linter, missing migrations; tsc, eslint, the client's types
    python3 run.py client            build the web client; serve and test do it when its sources have changed
    python3 run.py types             make the client's types anew, after a change of what the server says
    python3 run.py faults [NAME …] [--seed N]
                                     break servers, Redis and the database on purpose, and see that nothing is lost
    python3 run.py screenshots       take the pictures in docs/images anew
    python3 run.py bench [--quick]   every goal in one table; with --json FILE (- for standard output) as JSON
    python3 run.py bench NAME        one of bench/: votes, fanout, storm, latency, joins, processes, search, client; or
                                     curves: how cost grows, as docs/performance.md has it
    python3 run.py manage COMMAND …  Django's management commands

Packages go into .venv beside this file, the client's into frontend/node_modules; Node comes from PyPI where there is
none. A step whose inputs did not change is skipped.
"""

from __future__ import annotations

import hashlib
import json
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
FRONTEND = ROOT / "frontend"
#: What the built client is made from.
CLIENT_SOURCES = ("src", "public", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")


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
        "screenshots": screenshots,
        "bench": bench,
        "faults": faults,
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
    if build_client() != 0:
        print("Going on without the web client: the API works, and the lines above say what is missing.", flush=True)
    return replace_process("-m", "playlist_backend.server", "--prepare")


def test(arguments: list[str]) -> int:
    """Arguments go to pytest, on each database; without any the client's tests and those in Chromium run, too."""
    install("requirements-dev.txt")
    if install_node_packages(development=True) or build_client():
        sys.exit("The web client could not be built; the lines above say why.")
    status = 0
    if not arguments:
        print("== The web client by itself", flush=True)
        status = npx("vitest", "run", "--config", "vitest.config.ts", "--reporter=dot")
    print("== The suite on SQLite", flush=True)
    status = pytest(arguments, DATABASE_URL="") or status
    if not arguments:
        print("== In the browser", flush=True)
        status = pytest(["-m", "browser", "tests/e2e"], DATABASE_URL="") or status
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
    if install_node_packages(development=True):
        return 1
    clean = [npx("tsc", "--noEmit"), npx("eslint", "."), client_types("--check")]
    return 1 if failed or any(clean) else 0


def client(arguments: list[str]) -> int:
    install("requirements.txt")
    return build_client()


def types(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    return install_node_packages(development=True) or client_types()


def screenshots(arguments: list[str]) -> int:
    install("requirements-dev.txt")
    return build_client() or subprocess.call([str(PYTHON), "-m", "tests.e2e.screenshots"])


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
    # Compiled once, here: where Python must not write bytecode every start would compile everything again, for seconds.
    uv = [str(PYTHON), "-m", "uv", "--quiet", "pip", *pinned, "--compile-bytecode", "--python", str(PYTHON)]
    with_uv = subprocess.call([*pip, "install", UV]) == 0 and subprocess.call(uv) == 0
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


# ── The web client ───────────────────────────────────────────────────────────────────────────────────────────────────


def build_client() -> int:
    """Build frontend/dist unless it is what the sources say; 0 when it is there."""
    stamp, wanted = FRONTEND / "dist" / ".built-from", digest_of(*(FRONTEND / name for name in CLIENT_SOURCES))
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    if install_node_packages(development=False):
        return 1
    print("Building the web client …", flush=True)
    before = built_files()
    if npx("vite", "build", "--logLevel", "warn"):
        return 1
    # A server that runs goes on with what was built before; what is older than that is nobody's.
    kept = {name.removesuffix(".gz") for name in before | built_files()}
    for file in (FRONTEND / "dist" / "assets").iterdir():
        if f"assets/{file.name.removesuffix('.gz')}" not in kept:
            file.unlink()
    # Compressed once here, and never while somebody waits.
    if subprocess.call([str(PYTHON), "-m", "whitenoise.compress", "--quiet", str(FRONTEND / "dist")]):
        return 1
    stamp.write_text(wanted)
    return 0


def built_files() -> set[str]:
    """The scripts and styles of the last build, as paths from dist/."""
    manifest = FRONTEND / "dist" / "manifest.json"
    if not manifest.exists():
        return set()
    chunks = json.loads(manifest.read_text()).values()
    return {name for chunk in chunks for name in (chunk["file"], *chunk.get("css", ()))}


def install_node_packages(*, development: bool) -> int:
    """Bring frontend/node_modules to what package-lock.json pins; the development packages hold the others, too."""
    everything, for_the_build = (FRONTEND / "node_modules" / f".installed-{kind}" for kind in ("all", "build"))
    wanted = digest_of(FRONTEND / "package-lock.json")
    serving = [everything] if development else [everything, for_the_build]
    if any(stamp.exists() and stamp.read_text() == wanted for stamp in serving):
        return 0
    print("Installing the web client's packages …", flush=True)
    quietly = ["--no-audit", "--no-fund", "--loglevel=error"]
    command = [node("npm"), "ci", *quietly, *([] if development else ["--omit=dev"])]
    if subprocess.call(command, cwd=FRONTEND, env=node_environment()):
        return 1
    serving[-1].write_text(wanted)
    return 0


def npx(tool: str, *arguments: str) -> int:
    """Run a tool of the client's."""
    program = FRONTEND / "node_modules" / ".bin" / (f"{tool}.cmd" if os.name == "nt" else tool)
    return subprocess.call([str(program), *arguments], cwd=FRONTEND, env=node_environment())


def node(program: str) -> str:
    """The path of node or npm: this machine's if it is new enough, else the one that PyPI has."""
    own = shutil.which(program)
    if own and has_node(shutil.which("node")):
        return own
    wheel = PYTHON.parent / (f"{program}.exe" if os.name == "nt" else program)
    if not wheel.exists():
        print("Installing Node.js into .venv …", flush=True)
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        if subprocess.call([*pip, "--require-hashes", "-r", "requirements-node.txt"]):
            sys.exit("Node.js could not be installed. Install version 20.19 or newer from https://nodejs.org")
    return str(wheel)


def has_node(path: str | None) -> bool:
    """Whether this is a Node.js that the client's tools run on."""
    if path is None:
        return False
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    try:
        major, minor = (int(number) for number in said.removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major, minor) >= (24, 0) or (major == 22 and minor >= 12) or (major == 20 and minor >= 19)


def node_environment() -> dict[str, str]:
    """What runs Node finds the same one."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(node("node")).parent), os.environ.get("PATH", "")])}


def digest_of(*paths: Path) -> str:
    """A hash of these files, and of all files in these folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


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
