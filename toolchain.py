"""What run.py needs before anything can run: Python packages in .venv, Node, and the built web client.

On the standard library alone. Each part may be interrupted at any point: what tells that it is finished is taken away
before it begins and put there last, so that the next start begins it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two installations at once are not kept apart there
    fcntl = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent


def python_of(environment: Path) -> Path:
    """The Python of a virtual environment; its programs stand beside it."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


VENV = ROOT / ".venv"
PYTHON = python_of(VENV)
UV = "uv==0.13.8"
FRONTEND = ROOT / "frontend"
#: What the built client is made from.
CLIENT_SOURCES = ("src", "public", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")

#: Other people's tools, with which the documents are tried; what says which, and how they are used.
DOCUMENTS = ROOT / "tests" / "documents"
DOCUMENT_TOOLS = tuple(DOCUMENTS / name for name in ("package-lock.json", "requirements.txt", "spectral.yaml"))

#: What was installed last, as a hash. The development file holds all of the other, so it serves both.
STAMPS = {name: VENV / f".installed-{name}" for name in ("requirements.txt", "requirements-dev.txt")}
PIP_INSTALL = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
PIP = [str(PYTHON), *PIP_INSTALL]
NPM_CI = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]


class CannotInstall(Exception):
    """Something is missing and cannot be had: a sentence."""


def install(requirements: str) -> None:
    """Bring .venv to what `requirements` pins. Raises CannotInstall."""
    if is_installed(requirements):
        return
    with one_at_a_time():
        if is_installed(requirements):
            return
        # Without a stamp its installation, or the making of .venv itself, was interrupted.
        is_usable = PYTHON.exists() and any(stamp.exists() for stamp in STAMPS.values())
        for stamp in STAMPS.values():
            with suppress(FileNotFoundError, NotADirectoryError):
                stamp.unlink()
        if not is_usable:
            create_environment(VENV)
        print(f"Installing the packages of {requirements} into .venv …", flush=True)
        pinned = ["--require-hashes", "-r", requirements]
        # Compiled once, here: where Python must not write bytecode every start would compile everything, for seconds.
        uv = [str(PYTHON), "-m", "uv", "--quiet", "pip", "install", "--compile-bytecode", "--python", str(PYTHON)]
        failed = said_by([*PIP, UV]) or said_by([*uv, *pinned])
        if failed and (failed := said_by([*PIP, *pinned])):
            raise CannotInstall(f"The packages of {requirements} could not be installed. {why(failed)}")
        STAMPS[requirements].write_text(fingerprint(requirements))


def is_installed(requirements: str) -> bool:
    serving = {requirements, "requirements-dev.txt"}
    return PYTHON.exists() and any(
        STAMPS[name].exists() and STAMPS[name].read_text() == fingerprint(name) for name in serving
    )


def fingerprint(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of two that install into the same .venv the second one waits."""
    try:
        lock = Path(f"{VENV.resolve()}.lock").open("w")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CannotInstall(f"{ROOT} cannot be written to ({error.strerror}): nothing can be installed.") from None
    with lock:
        if fcntl is not None:
            with suppress(OSError):  # some file systems have no locks
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    print("Another run.py is installing here: waiting for it …", flush=True)
                    fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_environment(folder: Path) -> None:
    """Make a virtual environment anew, whatever is there."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        venv.create(folder, with_pip=True)
    except OSError as error:
        raise CannotInstall(f"{folder} cannot be made anew: {error.strerror or error}.") from None
    except (subprocess.CalledProcessError, ImportError):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotInstall(
            f"This Python cannot make virtual environments. On Debian and Ubuntu: apt install python{version}-venv"
        ) from None


def said_by(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a program; "" when it succeeds, else what it printed."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    return "" if done.returncode == 0 else done.stdout.strip() or f"{command[0]} ended with {done.returncode}"


def why(printed: str) -> str:
    """The end of a message to somebody who saw nothing of what an installer printed."""
    return f"Is this machine online? The installer said last: {printed.splitlines()[-1].strip()}"


# ── The web client ───────────────────────────────────────────────────────────────────────────────────────────────────


def build_client() -> int:
    """Build frontend/dist unless it is what the sources say; 0 when it is there. Raises CannotInstall."""
    stamp, wanted = FRONTEND / "dist" / ".built-from", digest_of(*(FRONTEND / name for name in CLIENT_SOURCES))
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    install_node_packages(development=False)
    print("Building the web client …", flush=True)
    stamp.unlink(missing_ok=True)
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


def install_node_packages(*, development: bool) -> None:
    """Bring frontend/node_modules to what package-lock.json pins; the development packages hold the others, too.

    Raises CannotInstall.
    """
    everything, for_the_build = (FRONTEND / "node_modules" / f".installed-{kind}" for kind in ("all", "build"))
    wanted = digest_of(FRONTEND / "package-lock.json")
    serving = [everything] if development else [everything, for_the_build]
    if any(stamp.exists() and stamp.read_text() == wanted for stamp in serving):
        return
    print("Installing the web client's packages …", flush=True)
    for stamp in (everything, for_the_build):
        stamp.unlink(missing_ok=True)
    command = [node("npm"), *NPM_CI, *([] if development else ["--omit=dev"])]
    if failed := said_by(command, FRONTEND, node_environment()):
        raise CannotInstall(f"The web client's packages could not be installed. {why(failed)}")
    serving[-1].write_text(wanted)


def install_document_tools() -> None:
    """Bring the tools in tests/documents to what is pinned there: npm's, and PyPI's in a .venv of their own.

    Raises CannotInstall.
    """
    environment, wanted = DOCUMENTS / ".venv", digest_of(*DOCUMENT_TOOLS)
    stamp = environment / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the tools for the documents …", flush=True)
    create_environment(environment)
    pip = [str(python_of(environment)), *PIP_INSTALL, "--require-hashes", "-r", "requirements.txt"]
    if failed := said_by([node("npm"), *NPM_CI], DOCUMENTS, node_environment()) or said_by(pip, DOCUMENTS):
        raise CannotInstall(f"The tools for the documents could not be installed. {why(failed)}")
    stamp.write_text(wanted)


def npx(tool: str, *arguments: str) -> int:
    """Run a tool of the client's."""
    program = FRONTEND / "node_modules" / ".bin" / (f"{tool}.cmd" if os.name == "nt" else tool)
    return subprocess.call([str(program), *arguments], cwd=FRONTEND, env=node_environment())


@cache
def node(program: str) -> str:
    """The path of node or npm: this machine's if it is new enough, else PyPI's. Raises CannotInstall."""
    own = shutil.which(program)
    if own and has_node(shutil.which("node")):
        return own
    wheel, runs = (PYTHON.parent / (f"{name}.exe" if os.name == "nt" else name) for name in (program, "node"))
    if not (wheel.exists() and has_node(str(runs))):
        print("Installing Node.js into .venv …", flush=True)
        # Over whatever an installation left that was interrupted.
        if failed := said_by([*PIP, "--ignore-installed", "--require-hashes", "-r", "requirements-node.txt"]):
            raise CannotInstall(f"Node.js could not be installed; version 20.19 or newer would do, too. {why(failed)}")
    return str(wheel)


def has_node(path: str | None) -> bool:
    """Whether this is a Node.js that the client's tools run on."""
    if path is None:
        return False
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        major, minor = (int(number) for number in said.removeprefix("v").split(".")[:2])
    except (OSError, ValueError):
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
