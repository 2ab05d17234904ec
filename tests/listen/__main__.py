"""python3 run.py listen: browsers play a room aloud, and what is heard is held against the plan and each other.

Exit status: 0 passed, 1 failed, 3 the machine spoiled every recording, 4 a tool is missing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.listen import report, scenario, verdict
from tests.listen.stage import Heard, Options, Stage
from tests.services import Missing

PASSED, FAILED, INVALID, MISSING = 0, 1, 3, 4
ATTEMPTS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run.py listen", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the selection of continuous integration, under a minute")
    parser.add_argument("--minutes", type=float, default=1.3, help="how long the full scenario goes on (default 1.3)")
    parser.add_argument("--browsers", default="", help="one letter each, C or F (default CC, and F where Firefox is)")
    parser.add_argument(
        "--jitter", type=float, default=0.0, metavar="MS", help="a line like Wi-Fi: mean delay each way"
    )
    parser.add_argument(
        "--trouble", action="store_true", help="one browser on a line of 64 kB/s, another one stopped for 30 s"
    )
    parser.add_argument("--fallback", action="store_true", help="without Web Audio: the engine of media elements")
    parser.add_argument("--seed", type=int, default=1, help="of the jitter")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the recording and all logs there")
    options = parser.parse_args(arguments)
    if not set(options.browsers) <= set("CF") or len(options.browsers) > 3:
        parser.error("up to three browsers, C for Chromium and F for Firefox")
    if options.trouble and (options.short or len(options.browsers or "CCC") < 3):
        parser.error("--trouble takes three browsers, and is a scenario of its own")
    has_firefox = bool(shutil.which("firefox-esr") or shutil.which("firefox"))
    usual = "CCC" if options.trouble else "CC" if options.short or not has_firefox else "CCF"
    browsers = options.browsers or usual
    chosen = Options(browsers, options.jitter, not options.fallback, options.seed)
    if options.trouble:
        planned = scenario.trouble()
    else:
        planned = scenario.short() if options.short else scenario.full(options.minutes, len(browsers))
    limits = verdict.ELEMENTS if options.fallback else verdict.JITTER if options.jitter else verdict.WEB_AUDIO
    picture = (options.keep or Path("data")) / "listen.svg"
    try:
        if shutil.which("ffmpeg") is None:
            raise Missing("ffmpeg is not installed (Debian: apt install ffmpeg)")
        return attempt(partial(_hear, planned, chosen, options.keep), limits, picture)
    except Missing as missing:
        print(missing)
        return MISSING


def attempt(hear: Callable[[], Heard], limits: verdict.Limits, picture: Path) -> int:
    """Listen until a recording is valid, or for the last time. Only a valid one passes or fails."""
    for number in range(1, ATTEMPTS + 1):
        heard = hear()
        judged = verdict.judge(heard, limits)
        print(report.table(heard, judged))
        picture.parent.mkdir(parents=True, exist_ok=True)
        report.picture(heard, picture)
        print(f"The offsets over time: {picture}")
        if not judged.spoiled:
            print("Passed." if judged.is_passed else "Failed.")
            return PASSED if judged.is_passed else FAILED
        print(f"Attempt {number} of {ATTEMPTS} is invalid: {'; '.join(judged.spoiled)}.", flush=True)
    return INVALID


def _hear(planned: scenario.Scenario, options: Options, keep: Path | None) -> Heard:
    if keep is not None:
        shutil.rmtree(keep, ignore_errors=True)
        keep.mkdir(parents=True)
        with Stage(keep, planned, options) as stage:
            return stage.play()
    with (
        tempfile.TemporaryDirectory(prefix="playlist-listen-") as folder,
        Stage(Path(folder), planned, options) as stage,
    ):
        return stage.play()


if __name__ == "__main__":
    sys.exit(main())
