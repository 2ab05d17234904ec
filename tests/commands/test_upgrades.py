"""A database of an earlier version becomes one of this version, with what people have in it."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from playlist import accounts
from playlist.models import User

PASSWORD = "a long pass phrase 77"

#: (old version, what is put into it) → the database as it is now.
Upgrade = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def upgrade() -> Iterator[Upgrade]:
    """Brings the empty database back to an earlier version, fills it, and migrates."""
    newest = [target for target in MigrationExecutor(connection).loader.graph.leaf_nodes() if target[0] == "playlist"]

    def run(version: str, fill: Callable[[Any], None]) -> None:
        executor = MigrationExecutor(connection)
        old = [("playlist", version)]
        executor.migrate(old)
        fill(executor.loader.project_state(old).apps.get_model)
        MigrationExecutor(connection).migrate(newest)

    yield run
    MigrationExecutor(connection).migrate(newest)


def test_accounts_that_differ_by_case_or_form_keep_working_and_are_reported(
    upgrade: Upgrade, caplog: pytest.LogCaptureFixture
) -> None:
    composed, decomposed = "josé", unicodedata.normalize("NFD", "josé")
    names = ["zoë", "ZOË", composed, decomposed, "DJ", "anna"]

    def fill(model: Any) -> None:
        users = model("playlist", "User").objects
        for name in names:
            users.create(username=name, name=name, password=make_password(PASSWORD + name))
        users.create(username="guest-1", name="dj", password=make_password(None))

    with caplog.at_level(logging.WARNING):
        upgrade("0006_found_by_index", fill)

    for name in names:
        user = User.objects.get(username=accounts.username_like(name))
        assert user.check_password(PASSWORD + name), name
    assert accounts.username_like("Zoë") == "zoë", "the older one"
    assert accounts.username_like("JOSÉ") == composed
    assert accounts.username_like("Anna") == "anna"
    assert accounts.username_like("dj") == "DJ"
    assert [record.getMessage().split(" have ")[0] for record in caplog.records if "capitals" in record.msg] == [
        f"The accounts {older!r} (id {User.objects.get(username=older).pk}) and {newer!r} "
        f"(id {User.objects.get(username=newer).pk})"
        for older, newer in (("zoë", "ZOË"), (composed, decomposed))
    ]
