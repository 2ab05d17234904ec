"""The product in Debian's Chromium, against real servers with databases of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, ViewportSize

from tests.e2e.party import HostedRoom, Party, Person
from tests.realtime.conftest import installed

MakePerson = Callable[..., Person]
MakeContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.pure)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ("disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync")
    return {"executable_path": installed("chromium"), "args": ["--no-sandbox", *(f"--{flag}" for flag in quiet)]}


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    """A server for the tests of a file, each in a room of its own."""
    party = Party(tmp_path_factory.mktemp("party"))
    yield party
    party.close()


@pytest.fixture
def room(party: Party) -> HostedRoom:
    return party.open_room()


@pytest.fixture
def person(browser: Browser) -> Iterator[MakePerson]:
    """Makes people with browsers of their own; none of their consoles may have complained."""
    people: list[Person] = []

    def make(**options: Any) -> Person:
        people.append(Person(browser, **options))
        return people[-1]

    yield make
    for one in people:
        one.context.close()
    assert not [problem for one in people for problem in one.problems]


@pytest.fixture
def browser_that(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[MakeContext]:
    """Starts a browser of its own with preferences that no page can set, as Chromium's profile names them."""
    contexts: list[BrowserContext] = []

    def start(viewport: ViewportSize | None = None, **preferences: Any) -> BrowserContext:
        (tmp_path / "Default").mkdir()
        (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
        context = browser_type.launch_persistent_context(
            tmp_path, locale="en-US", viewport=viewport, **browser_type_launch_args
        )
        contexts.append(context)
        return context

    yield start
    for context in contexts:
        context.close()
