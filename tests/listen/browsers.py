"""Browsers that play aloud into a sound server, steered by their own debugging protocols.

Playwright mutes what it starts and keeps hidden pages awake, so they are started directly.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.services import Missing

START_SECONDS = 60
#: Presses the button that says so; whether it is there.
_PRESS = """(() => {
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === %s && !one.disabled);
  button?.click();
  return button !== undefined;
})()"""
#: Types into the only field, as React notices it; whether it is there.
_TYPE = """(() => {
  const field = document.querySelector("input");
  if (field === null) return false;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, %s);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
})()"""
_NO_WEB_AUDIO = "delete window.AudioContext; delete window.webkitAudioContext;"


class Browser(ABC):
    """One browser with one page. `kind` is C or F."""

    kind: str

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=errors, stderr=errors, start_new_session=True
            )
        self._log = log
        self._numbers = itertools.count(1)
        self._line: ClientConnection

    @abstractmethod
    def run(self, script: str) -> object:
        """What an expression in the page is, as if a person had tapped there."""

    def join(self, name: str) -> None:
        """Say this name to the page that asks for one."""
        self._until(_TYPE % json.dumps(name), "the field for a name")
        self.press("Join")

    def press(self, label: str) -> None:
        """Press the button with this label once it is there. Raises AssertionError."""
        self._until(_PRESS % json.dumps(label), f"the button {label!r}")

    def stop(self) -> None:
        """All its processes stand still, as those of a laptop that sleeps."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def _until(self, script: str, what: str) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while not self.run(script):
            assert time.monotonic() < give_up_at, f"{what} is not there: {self.run('document.body.innerText')}"
            time.sleep(0.1)

    def close(self) -> None:
        with contextlib.suppress(ConnectionClosed, AttributeError):
            self._line.close()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(4)

    def _address(self, pattern: str) -> str:
        """What the browser has printed about how to reach it."""
        give_up_at = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up_at and self.process.poll() is None:
            if found := re.search(pattern, self._log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise Missing(f"The browser does not start: {self._log.read_text(errors='replace')[-500:]}")

    def _ask(self, method: str, params: dict[str, object]) -> Any:
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._line.recv(timeout=START_SECONDS))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer.get("result", {})


class Chromium(Browser):
    kind = "C"

    def __init__(self, folder: Path, environment: dict[str, str], host: str, url: str, has_web_audio: bool) -> None:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            raise Missing("Chromium is not installed (Debian: apt install chromium)")
        folder.mkdir()
        command = [
            program,
            "--headless=new",
            "--no-sandbox",
            "--no-first-run",
            f"--user-data-dir={folder}",
            "--disable-gpu",
        ]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en"]
        command += ["--remote-debugging-port=0", f"--host-resolver-rules=MAP {host} 127.0.0.1", "about:blank"]
        super().__init__(command, {**environment, "HOME": str(folder)}, folder / "log")
        port = self._address(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=START_SECONDS) as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self._line = connect(page["webSocketDebuggerUrl"], max_size=None)
        self._ask("Page.enable", {})
        if not has_web_audio:
            self._ask("Page.addScriptToEvaluateOnNewDocument", {"source": _NO_WEB_AUDIO})
        self._ask("Page.navigate", {"url": url})

    def run(self, script: str) -> object:
        result = self._ask("Runtime.evaluate", {"expression": script, "userGesture": True, "returnByValue": True})
        return result["result"].get("value")


class Firefox(Browser):
    kind = "F"
    #: Without the first two a page needs a tap, and the sound comes in blocks that are too small for a busy machine.
    #: The rest keeps Firefox from work of its own: its first minute can take a whole core.
    _PREFERENCES: dict[str, object] = {
        "media.autoplay.block-webaudio": False,
        "media.cubeb_latency_mtg_frames": 4096,
        "media.autoplay.default": 0,
        "app.normandy.enabled": False,
        "app.update.enabled": False,
        "browser.aboutwelcome.enabled": False,
        "browser.preonboarding.enabled": False,
        "browser.region.update.enabled": False,
        "browser.safebrowsing.update.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.homepage_override.mstone": "ignore",
        "browser.startup.page": 0,
        "browser.tabs.unloadOnLowMemory": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "datareporting.policy.firstRunURL": "",
        "dom.security.https_first": False,
        "extensions.getAddons.cache.enabled": False,
        "intl.accept_languages": "en",
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "security.sandbox.content.level": 0,
        "services.settings.server": "http://127.0.0.1:9/",
        "termsofuse.bypassNotification": True,
        "toolkit.telemetry.enabled": False,
    }

    def __init__(self, folder: Path, environment: dict[str, str], host: str, url: str, has_web_audio: bool) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if program is None:
            raise Missing("Firefox is not installed (Debian: apt install firefox-esr)")
        folder.mkdir()
        preferences = {**self._PREFERENCES, "network.dns.localDomains": host, "dom.audiocontext.enabled": has_web_audio}
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in preferences.items()]
        (folder / "user.js").write_text("\n".join(lines))
        command = [program, "--headless", "--no-remote", "--new-instance", "--profile", str(folder)]
        super().__init__(
            [*command, "--remote-debugging-port", "0", "about:blank"],
            {**environment, "HOME": str(folder)},
            folder / "log",
        )
        address = self._address(r"WebDriver BiDi listening on (ws://\S+)")
        self._line = connect(f"{address}/session", max_size=None)
        self._ask("session.new", {"capabilities": {}})
        self._page = self._ask("browsingContext.getTree", {})["contexts"][0]["context"]
        if not has_web_audio:
            script = f"() => {{ {_NO_WEB_AUDIO} }}"
            self._ask("script.addPreloadScript", {"functionDeclaration": script})
        self._ask("browsingContext.navigate", {"context": self._page, "url": url, "wait": "complete"})

    def run(self, script: str) -> object:
        result = self._ask(
            "script.evaluate",
            {"expression": script, "target": {"context": self._page}, "awaitPromise": False, "userActivation": True},
        )
        return result.get("result", {}).get("value")


KINDS: dict[str, type[Chromium | Firefox]] = {"C": Chromium, "F": Firefox}
