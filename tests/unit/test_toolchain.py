"""run.py's first start, interrupted and without what it needs. Everything comes from a folder of wheels made here."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.servers import DEADLINE, ROOT

pytestmark = [pytest.mark.pure, pytest.mark.skipif(os.name == "nt", reason="the paths of .venv are others there")]

#: Installs with pip; with UV_DIES it leaves half of a package, and Ctrl-C is pressed.
UV = """
import os, pathlib, signal, subprocess, sys
requirements = sys.argv[sys.argv.index("-r") + 1]
pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements]
status = subprocess.call(pip)
if os.environ.get("UV_DIES"):
    import tiny
    pathlib.Path(tiny.__file__).write_text("import not_there_yet")
    os.kill(os.getppid(), signal.SIGINT)
    signal.pause()
sys.exit(status)
"""

#: Runs run.py, and presses Ctrl-C when it changes something for the n-th time; without n it counts.
DRIVER = """
import runpy, sys
left, counted = int(sys.argv[1]), 0
CHANGES = {"os.mkdir", "os.symlink", "os.remove", "os.rename", "os.chmod", "shutil.copyfile", "subprocess.Popen"}
def hook(event, arguments):
    global counted
    if event == "os.exec":
        print("changes:", counted, flush=True)
    if event in CHANGES or (event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]):
        counted += 1
        if counted == left:
            raise KeyboardInterrupt
sys.addaudithook(hook)
sys.path.insert(0, ".")
sys.argv = ["run.py", "manage"]
runpy.run_path("run.py", run_name="__main__")
"""


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> str:
    """A wheel in this folder; its hash."""
    path, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    everything = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    everything[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*everything, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in everything.items():
            archive.writestr(file, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Checkout:
    """A folder with run.py in it, and nothing installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        for name in ("run.py", "toolchain.py"):
            shutil.copy(ROOT / name, folder)
        make_wheel(self.wheels, "uv", "0.13.8", {"uv/__init__.py": "", "uv/__main__.py": UV})
        digest = make_wheel(self.wheels, "tiny", "1.0", {"tiny/__init__.py": "SAID = 'It runs.'"})
        for name in ("requirements.txt", "requirements-dev.txt"):
            (folder / name).write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
        (folder / "manage.py").write_text("import tiny; print(tiny.SAID)")

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PYTHONDONTWRITEBYTECODE": "1",  # else the first start changes more than those after it
            **environment,
        }
        return subprocess.run(
            [sys.executable, *(command or ("run.py", "manage"))],
            cwd=self.folder, env=given, capture_output=True, text=True, timeout=2 * DEADLINE,
        )  # fmt: skip

    def interrupted_at(self, change: int) -> subprocess.CompletedProcess[str]:
        return self.run("-c", DRIVER, str(change))

    def comes_up(self) -> None:
        ran = self.run()
        assert (ran.returncode, ran.stdout.splitlines()[-1:]) == (0, ["It runs."]), ran.stdout + ran.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def assert_is_a_sentence(ran: subprocess.CompletedProcess[str], about: str) -> None:
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert about in ran.stderr
    assert len(ran.stderr.splitlines()) == 1, ran.stderr


@pytest.mark.long
def test_an_installation_that_was_interrupted_is_begun_anew(checkout: Checkout) -> None:
    ran = checkout.run(UV_DIES="1")
    assert (ran.returncode, "Traceback" in ran.stderr) == (130, False)
    checkout.comes_up()
    ran = checkout.run()
    assert ran.stdout == "It runs.\n", "and what is there is not installed again"


def test_half_an_environment_is_made_anew(checkout: Checkout) -> None:
    """As it is when Ctrl-C comes while pip is being put into it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(checkout.folder / ".venv")], check=True)
    checkout.comes_up()


@pytest.mark.long
def test_without_a_network_it_says_so_and_the_next_start_recovers(checkout: Checkout) -> None:
    hidden = checkout.wheels.rename(checkout.folder / "hidden")
    assert_is_a_sentence(
        checkout.run(), "The packages of requirements.txt could not be installed. Is this machine online?"
    )
    hidden.rename(checkout.wheels)
    checkout.comes_up()


def test_where_nothing_can_be_written_it_says_so(checkout: Checkout) -> None:
    (checkout.folder / ".venv.lock").mkdir()
    assert_is_a_sentence(checkout.run(), "cannot be written to")
    (checkout.folder / ".venv.lock").rmdir()
    (checkout.folder / ".venv").write_text("")
    assert_is_a_sentence(checkout.run(), "cannot be made anew")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_it_may_be_interrupted_at_any_point_of_its_first_start(checkout: Checkout) -> None:
    counted = checkout.interrupted_at(0)
    changes = int(counted.stdout.split("changes:")[1].split()[0])
    assert changes > 20
    for point in range(20):
        shutil.rmtree(checkout.folder / ".venv")
        ran = checkout.interrupted_at(1 + point * (changes - 1) // 19)
        assert (ran.returncode, "Traceback" in ran.stderr) == (130, False), (point, ran.stdout, ran.stderr)
        checkout.comes_up()
