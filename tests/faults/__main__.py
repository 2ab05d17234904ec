"""`python3 run.py faults [NAME …] [--seed N]`: break things on purpose, and see that nothing is lost."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.faults.scenarios import SCENARIOS, run  # noqa: E402
from tests.services import Missing  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(SCENARIOS)}; all of them without")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--short", action="store_true", help="fewer repetitions, and nobody looks at the clock")
    options = parser.parse_args()
    unknown = set(options.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    failed = 0
    print(f"seed {options.seed}")
    for name in options.names or SCENARIOS:
        print(f"{name:16} {SCENARIOS[name].about} … ", end="", flush=True)
        try:
            seen = asyncio.run(run(name, options.seed, thorough=not options.short))
        except Missing as missing:
            print(f"skipped: {missing}")
        except Exception as broken:
            failed += 1
            print(f"BROKEN: {broken or repr(broken)}\n  again with: python3 run.py faults {name} --seed {options.seed}")
            print(*getattr(broken, "__notes__", ()), sep="\n")
        else:
            print(", ".join(f"{count} {what}" for what, count in seen.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
