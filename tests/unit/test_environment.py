"""What an operator may write, and what is said to them when it cannot be meant."""

from __future__ import annotations

import codecs
from ipaddress import ip_network
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playlist_backend import environment, storage
from playlist_backend.dotenv import NoDotenv, parse_dotenv
from playlist_backend.environment import DECLARED, Environment, WrongSetting

pytestmark = pytest.mark.pure

KEY = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("OPEN_MAIN", "", True),
        ("OPEN_MAIN", "  ", True),
        ("OPEN_MAIN", "No", False),
        ("PRODUCTION", " TRUE ", True),
        ("PORT", " 8080 ", 8080),
        ("POLL_SECONDS", ".5", 0.5),
        ("HOST", "[::1]", "::1"),
        ("HOST", "::", "::"),
        ("HOST", "Music.Local", "music.local"),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("LOG_FORMAT", "JSON", "json"),
        ("PUBLIC_URL", "https://Music.Example.org/", "https://music.example.org"),
        ("PUBLIC_URL", "https://music.example.org/party", "https://music.example.org"),
        ("PUBLIC_URL", "https://music.example.org:8443/r/AB3D9K?x#y", "https://music.example.org:8443"),
        ("PUBLIC_URL", "https://music.example.org:443", "https://music.example.org"),
        ("PUBLIC_URL", "HTTP://[2001:DB8:0::1]:80", "http://[2001:db8::1]"),
        ("PUBLIC_URL", "https://müsik.example", "https://xn--msik-0ra.example"),
        (
            "ALLOWED_HOSTS",
            "A.example.org, b.example.org. *.example.net,",
            ("a.example.org", "b.example.org", ".example.net"),
        ),
        ("ALLOWED_HOSTS", "music.example.org:8443", ("music.example.org",)),
        ("ALLOWED_ORIGINS", "https://a.example/ , https://A.example", ("https://a.example",)),
        ("TRUSTED_PROXIES", "10.1.2.3/8, ::1", (ip_network("10.0.0.0/8"), ip_network("::1"))),
        ("DATA_DIR", "~", Path.home()),
    ],
)
def test_values_are_read_as_people_write_them(name: str, written: str, meant: object) -> None:
    assert getattr(environment.read({name: written}), name) == meant


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("PRODUCTION", "ture"),
        ("OPEN_MAIN", "true # for all"),
        *[("PORT", text) for text in ("0", "-1", "65536", "80a", "８０", "1_000", "8e1", "9" * 5000)],
        *[("POLL_SECONDS", text) for text in ("0", "-1", "nan", "inf", "1e999", "0,5")],
        ("HTTP_THREADS", "0"),
        ("WRITER_BATCH_LIMIT", "0"),
        ("REST_WRITES_PER_SECOND", "0"),
        ("MAX_BODY_BYTES", "1023"),
        ("LOG_LEVEL", "verbose"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "*"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://music.example.org"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "music.example.org"),
        ("COVER_ORIGINS", "https://covers.example.org/art"),
        ("PUBLIC_URL", "music.example.org"),
        ("PUBLIC_URL", "/party"),
        ("PUBLIC_URL", "https://music.example.org:eighty"),
        ("PUBLIC_URL", "https://anna@music.example.org"),
        ("HOST", "http://0.0.0.0"),
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "x" * 50),
        ("REDIS_URL", "localhost:6379"),
        ("DATABASE_URL", "mysql://u:p@localhost/n"),
        ("DATABASE_URL", "postgres://u:p#w@localhost/n"),
        ("DATABASE_URL", "postgres://u:p@localhost"),
        ("DATABASE_URL", "sqlite://"),
        ("METRICS_TOKEN", "schlüssel"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(name: str, written: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        environment.read({name: written})
    assert_is_a_sentence_about(name, str(refused.value))


def assert_is_a_sentence_about(name: str, said: str) -> None:
    assert said.startswith(name)
    assert said.endswith(".")
    assert said.isprintable()
    assert len(said) < 300


@pytest.mark.parametrize("name", [name for name, (kind, _) in DECLARED.items() if kind.secret])
def test_a_secret_is_not_printed(name: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        environment.read({name: "hünter2"})
    assert "nter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"PRODUCTION": "true", "DEBUG": "true"}, "DEBUG"),
        ({"REDIS_URL": "redis://localhost"}, "SECRET_KEY"),
        ({"PING_SECONDS": "60"}, "PONG_SECONDS"),
        ({"PRESENCE_LEASE_SECONDS": "60"}, "PRESENCE_FORGET_SECONDS"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(given: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        environment.read(given)
    assert_is_a_sentence_about(named, str(refused.value))


@given(
    name=st.sampled_from(sorted(DECLARED)),
    text=st.text(max_size=80) | st.text("0123456789.-+eE:/@[]#%? ,*", max_size=30),
)
@example("DATABASE_URL", "postgres://[/x")
@example("DATABASE_URL", "postgres://h:99999/x")
@example("DATABASE_URL", "sqlite:///%00")
@example("PUBLIC_URL", "https://[::1")
@example("PUBLIC_URL", "https://exa\u2100mple.org")
@example("ALLOWED_HOSTS", "a" * 400)
@example("DATA_DIR", "~nobody-of-this-name/x")
@example("DATA_DIR", "a\x00b")
def test_any_text_is_a_value_or_a_sentence(name: str, text: str) -> None:
    try:
        read = environment.read({"SECRET_KEY": KEY, name: text})
        storage.database(read, Path("/data"), Path("/"))
    except WrongSetting as refused:
        assert name in str(refused)
        assert_is_a_sentence_about("", str(refused))


def test_every_setting_has_a_default_of_its_type_that_its_kind_allows() -> None:
    for name, type_ in get_type_hints(Environment).items():
        default = getattr(environment.read({}), name)
        kind, help_ = DECLARED[name]
        assert help_.endswith("."), name
        if isinstance(default, int | float | Path):
            assert type(kind.read(str(default))) is type_ or type(default) in get_args(type_) or type_ is Path, name
            assert kind.read(str(default)) == default, name


def test_lines_of_a_dotenv_file() -> None:
    written = r"""
        # a comment
        PLAIN=value
        export EXPORTED = with blanks around
        EMPTY=
        COMMENTED=value # and why
        ONLY_COMMENT= # nothing
        SHARP=pass#word
        DOLLARS=pa$$word ${HOME} $(id)
        SINGLE='a # b'
        DOUBLE="C:\new\$x" # a folder
        EQUALS=a=b=c
        PLAIN=the last one counts
    """
    assert parse_dotenv(written.encode()) == {
        "PLAIN": "the last one counts",
        "EXPORTED": "with blanks around",
        "EMPTY": "",
        "COMMENTED": "value",
        "ONLY_COMMENT": "",
        "SHARP": "pass#word",
        "DOLLARS": "pa$$word ${HOME} $(id)",
        "SINGLE": "a # b",
        "DOUBLE": r"C:\new\$x",
        "EQUALS": "a=b=c",
    }


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + b"PORT=80\r\nHOST=m\xc3\xbcsik.example\r\n",
        "\ufeffPORT=80\nHOST=müsik.example".encode("utf-16-le"),
        "PORT=80\rHOST=müsik.example\r".encode(),
    ],
)
def test_a_dotenv_file_comes_from_any_editor(raw: bytes) -> None:
    assert parse_dotenv(raw) == {"PORT": "80", "HOST": "müsik.example"}


@pytest.mark.parametrize("raw", [b"PORT 80", b"PORT='80", b'PORT="80" 90', b"1PORT=80", b"PORT=\xff", b"PORT=8\x000"])
def test_a_line_that_means_nothing_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(NoDotenv) as refused:
        parse_dotenv(raw)
    assert_is_a_sentence_about(".env" + "," * (b"\xff" not in raw), str(refused.value))


@given(st.binary(max_size=200) | st.text("AB=# '\"\n$", max_size=60).map(str.encode))
def test_any_dotenv_file_is_read_or_refused(raw: bytes) -> None:
    try:
        parse_dotenv(raw)
    except NoDotenv as refused:
        assert str(refused).endswith(".")


def test_the_environment_wins_over_the_file_also_when_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("POLL_SECONDS=5\nHTTP_THREADS=9\nPUBLIC_URL=https://a.example\n")
    for name in DECLARED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLL_SECONDS", "7")
    monkeypatch.setenv("PUBLIC_URL", "")
    read = environment.load(dotenv)
    assert (read.POLL_SECONDS, read.HTTP_THREADS, read.PUBLIC_URL) == (7.0, 9, "")


def test_a_misspelled_name_in_the_file_is_told_and_other_programs_names_are_not(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("POSTGRES_PASSWORD=x\nSITE_ADDRESS=music.example.org\nHTTP_PORT=80\nHTTPS_PORT=443\n")
    environment.load(dotenv)
    dotenv.write_text("OPEN_MIAN=false\n")
    with pytest.raises(WrongSetting, match=r"OPEN_MIAN .* OPEN_MAIN is\."):
        environment.load(dotenv)


@pytest.mark.parametrize("name", ["music #1", "a?b", "rock+pop", "100%", "50%41"])
def test_a_folder_is_a_path_and_no_address(tmp_path: Path, name: str) -> None:
    read = environment.read({"DATA_DIR": str(tmp_path / name)})
    folder = storage.data_folder(read, Path("/"))
    assert storage.database(read, folder, Path("/"))["NAME"] == str(tmp_path / name / "playlist.sqlite3")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_relative_path_does_not_depend_on_where_the_server_was_started(tmp_path: Path) -> None:
    read = environment.read({"DATA_DIR": "here", "DATABASE_URL": "sqlite:///there/a%20b.sqlite3"})
    assert storage.data_folder(read, tmp_path) == tmp_path / "here"
    assert storage.database(read, tmp_path, tmp_path)["NAME"] == str(tmp_path / "there/a b.sqlite3")


def test_postgresqls_address_in_parts() -> None:
    url = "postgres://us%40er:p%23%2F@[::1]:6432/my%20db?sslmode=require"
    config = storage.database(environment.read({"DATABASE_URL": url}), Path("/data"), Path("/"))
    parts = [config[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")]
    assert parts == ["my db", "us@er", "p#/", "::1", 6432]
    options = config["OPTIONS"]
    assert isinstance(options, dict)
    assert options["sslmode"] == "require"
    socket = storage.database(environment.read({"DATABASE_URL": "postgres://%2FVar%2Frun/n"}), Path("/"), Path("/"))
    assert (socket["HOST"], socket["PORT"]) == ("/Var/run", "")


def test_the_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    read = environment.read({})
    made = storage.secret_key(read, tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert storage.secret_key(read, tmp_path) == made
    assert storage.secret_key(environment.read({"SECRET_KEY": KEY}), tmp_path) == KEY


def test_the_key_needs_no_hard_links_and_outlives_a_death_in_its_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError("this file system has none")

    monkeypatch.setattr("os.link", no_links)
    monkeypatch.setattr("time.sleep", lambda _: None)
    (tmp_path / "secret_key").touch()
    assert len(storage.secret_key(environment.read({}), tmp_path)) >= 32


@pytest.mark.parametrize("below", ["", "/data"])
def test_a_folder_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting) as refused:
        storage.data_folder(environment.read({"DATA_DIR": f"{tmp_path}/file{below}"}), Path("/"))
    assert_is_a_sentence_about("DATA_DIR", str(refused.value))
