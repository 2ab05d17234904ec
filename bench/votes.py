"""python3 run.py bench votes: durable votes per second over REST, 32 at once, against the tutorials' endpoint.

Both run in one process on one core, the load on another; each vote is by one of 32 people and changes something.
PostgreSQL takes part when TEST_POSTGRES_URL names a server.
"""

from __future__ import annotations

import argparse
import json

from bench._load import Load, load
from bench._servers import LOAD_CORE, PRODUCT, TUTORIAL, Environment, an_item, databases, pin, running

CALLERS = 32


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench votes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each of the four is measured")
    seconds = parser.parse_args().seconds
    pin(LOAD_CORE)
    print(f"{'votes over REST, 32 at once':32} {'votes/s':>9} {'failed':>7} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>7}")
    for name, environment in databases():
        rival = _measure(TUTORIAL, environment, seconds)
        product = _measure(PRODUCT, environment, seconds)
        _print(f"{name}, the tutorials' endpoint", rival, 1.0)
        _print(f"{name}, this server", product, product.per_second / rival.per_second)


def _print(name: str, result: Load, ratio: float) -> None:
    latencies = f"{result.percentile_ms(0.5):8.1f} {result.percentile_ms(0.99):8.1f}"
    print(f"{name:32} {result.per_second:9.0f} {result.failed:7} {latencies} {ratio:6.1f}x", flush=True)


def _measure(command: tuple[str, ...], environment: Environment, seconds: float) -> Load:
    item = an_item(environment)
    with running(command, environment) as server:
        return load(server.port, CALLERS, seconds, lambda caller, number: _vote(item, caller, number))


def _vote(item: str, caller: int, number: int) -> bytes:
    body = json.dumps({"direction": ("up", "down")[number % 2]})
    return (
        f"POST /api/playlist/{item}/vote HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.1.0.{caller}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


if __name__ == "__main__":
    main()
