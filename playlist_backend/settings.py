"""Django's settings. Everything an operator may change comes from the environment, or from .env beside manage.py.

A wrong value stops the start with a sentence that says which. Limits carry their unit in their name.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from pythonjsonlogger.core import RESERVED_ATTRS

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()  # type: ignore[no-untyped-call]
environ.Env.read_env(BASE_DIR / ".env")


def _whole(name: str, default: int) -> int:
    """A whole number from the environment."""
    text: str = env.str(name, default="")
    try:
        return int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from None


def _number(name: str, default: float) -> float:
    """A number from the environment."""
    text: str = env.str(name, default="")
    try:
        return float(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {text!r}.") from None


# ── Where it runs ────────────────────────────────────────────────────────────────────────────────────────────────────

PRODUCTION: bool = env.bool("PRODUCTION", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "data").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

HOST: str = env.str("HOST", default="") or "0.0.0.0"  # noqa: S104 - phones in the room must reach it
PORT: int = _whole("PORT", default=8000)
if not 0 < PORT < 65536:
    raise ImproperlyConfigured("PORT must lie between 1 and 65535.")
REDIS_URL: str = env.str("REDIS_URL", default="")
#: The address that people open, where a proxy stands in front: https://music.example.org
PUBLIC_URL: str = env.str("PUBLIC_URL", default="").rstrip("/")
#: Networks whose X-Forwarded-For and X-Forwarded-Proto are believed: 10.0.0.0/8,192.168.1.2
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])


def _secret_key() -> str:
    """SECRET_KEY, or one that is made once and kept in DATA_DIR."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    if REDIS_URL:
        raise ImproperlyConfigured("Several processes must share one SECRET_KEY: set it beside REDIS_URL.")
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        made = kept.with_suffix(f".{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            kept.hardlink_to(made)  # fails if another process was faster: then its key counts
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text().strip()


SECRET_KEY = _secret_key()

# ── Who may come in ──────────────────────────────────────────────────────────────────────────────────────────────────

#: Names that this server answers to, beside localhost, this machine's own name and every address literal.
ALLOWED_HOST_NAMES: list[str] = [
    *env.list("ALLOWED_HOSTS", default=[]),
    *([urlsplit(PUBLIC_URL).hostname or ""] if PUBLIC_URL else []),
    socket.gethostname(),
    f"{socket.gethostname()}.local",
]
#: playlist_backend.middleware.HostCheck is the check: Django's knows no "any address literal".
ALLOWED_HOSTS = ["*"]

#: Other web origins whose pages may use the API, whole: https://other.example.org
ALLOWED_ORIGINS: list[str] = [
    *env.list("ALLOWED_ORIGINS", default=[]),
    *([PUBLIC_URL] if PUBLIC_URL else []),
]
ALLOW_LOCAL_ORIGINS = not PRODUCTION
if "*" in ALLOWED_ORIGINS or any(not urlsplit(origin).netloc for origin in ALLOWED_ORIGINS):
    raise ImproperlyConfigured("ALLOWED_ORIGINS takes whole origins like https://other.example.org, and no *.")

#: Whether callers without any identity may change `main`.
OPEN_MAIN: bool = env.bool("OPEN_MAIN", default=True)
#: Whether anybody may register an account.
OPEN_SIGNUP: bool = env.bool("OPEN_SIGNUP", default=True)

#: Where covers may come from, beside this server: whole origins. Pages show no picture from anywhere else.
COVER_ORIGINS: list[str] = env.list("COVER_ORIGINS", default=[])
if any(not urlsplit(origin).netloc or urlsplit(origin).path for origin in COVER_ORIGINS):
    raise ImproperlyConfigured("COVER_ORIGINS takes whole origins like https://covers.example.org.")

CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOWED_ORIGINS = ALLOWED_ORIGINS
CORS_ALLOWED_ORIGIN_REGEXES = [r"^http://(localhost|127\.0\.0\.1)(:\d{1,5})?$"] if ALLOW_LOCAL_ORIGINS else []
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "x-csrftoken",
    "x-requested-with",
)
CORS_EXPOSE_HEADERS = ("ETag", "Link", "Location", "Retry-After", "X-Request-ID")

#: Cookies know no ports, so a second server on this host must not use the names of the first one's.
_INSTALLATION = hmac.digest(SECRET_KEY.encode(), b"playlist.installation", "sha256").hex()[:8]
SESSION_COOKIE_NAME = f"sessionid_{_INSTALLATION}"
CSRF_COOKIE_NAME = f"csrftoken_{_INSTALLATION}"
#: Not in a cookie, whose name could not be told from that of another server's.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if _HTTPS else 0
#: Browsers complain where it comes over plain HTTP.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AXES_FAILURE_LIMIT: int = _whole("LOGIN_FAILURE_LIMIT", default=10)
LOGIN_LOCKOUT_SECONDS: int = _whole("LOGIN_LOCKOUT_SECONDS", default=300)
AXES_COOLOFF_TIME = LOGIN_LOCKOUT_SECONDS / 3600
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "playlist.rest.refusals.locked_out"
AXES_VERBOSE = False

# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────

REST_WRITES_PER_SECOND: float = _number("REST_WRITES_PER_SECOND", default=20.0)
REST_WRITES_BURST: int = _whole("REST_WRITES_BURST", default=300)
#: Per address: passwords that are checked or set, and people that are made (a whole party may come at once).
PASSWORDS_PER_SECOND: float = _number("PASSWORDS_PER_SECOND", default=1.0)
PASSWORDS_BURST: int = _whole("PASSWORDS_BURST", default=20)
GUESTS_PER_SECOND: float = _number("GUESTS_PER_SECOND", default=2.0)
GUESTS_BURST: int = _whole("GUESTS_BURST", default=200)
MAX_BODY_BYTES: int = _whole("MAX_BODY_BYTES", default=1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

HTTP_THREADS: int = _whole("HTTP_THREADS", default=40)
WRITER_BATCH_LIMIT: int = _whole("WRITER_BATCH_LIMIT", default=128)
WRITER_QUEUE_LIMIT: int = _whole("WRITER_QUEUE_LIMIT", default=4096)
WRITE_TIMEOUT_SECONDS: float = _number("WRITE_TIMEOUT_SECONDS", default=30.0)

READER_THREADS: int = _whole("READER_THREADS", default=8)

#: Sockets. What a client must know of these is told in `welcome`.
FRAME_IN_BYTES: int = _whole("FRAME_IN_BYTES", default=16 * 1024)
FRAME_OUT_BYTES: int = _whole("FRAME_OUT_BYTES", default=256 * 1024)
COMMANDS_PER_SECOND: float = _number("COMMANDS_PER_SECOND", default=20.0)
COMMANDS_BURST: int = _whole("COMMANDS_BURST", default=40)
COMMANDS_IN_FLIGHT: int = _whole("COMMANDS_IN_FLIGHT", default=32)
UNREAD_FRAMES: int = _whole("UNREAD_FRAMES", default=256)
UNREAD_BYTES: int = _whole("UNREAD_BYTES", default=512 * 1024)
RESUME_EVENTS: int = _whole("RESUME_EVENTS", default=500)
HELLO_SECONDS: float = _number("HELLO_SECONDS", default=10.0)
PING_SECONDS: float = _number("PING_SECONDS", default=15.0)
PONG_SECONDS: float = _number("PONG_SECONDS", default=45.0)
STALLED_SECONDS: float = _number("STALLED_SECONDS", default=10.0)
#: Before a stop: how long /readyz says "stopping" while requests are still answered. A proxy needs so long to notice.
DRAIN_DELAY_SECONDS: float = _number("DRAIN_DELAY_SECONDS", default=0.0)
#: The server's own keep-alive for whoever answers nothing, and how long the kernel waits for a peer that takes nothing.
TRANSPORT_PING_SECONDS: float = _number("TRANSPORT_PING_SECONDS", default=20.0)
TRANSPORT_PONG_SECONDS: float = _number("TRANSPORT_PONG_SECONDS", default=35.0)
STUCK_SECONDS: float = _number("STUCK_SECONDS", default=30.0)
#: A request must have arrived whole within so long; a connection that never says anything counts as one.
REQUEST_SECONDS: float = _number("REQUEST_SECONDS", default=30.0)
#: The fan-out. One frame a window at most, after the first one that follows quiet.
FRAME_WINDOW_SECONDS: float = _number("FRAME_WINDOW_SECONDS", default=0.05)
SNAPSHOT_WINDOW_SECONDS: float = _number("SNAPSHOT_WINDOW_SECONDS", default=1.0)
POLL_SECONDS: float = _number("POLL_SECONDS", default=3.0)
LOG_READ_LIMIT: int = _whole("LOG_READ_LIMIT", default=1000)
RECENT_BYTES: int = _whole("RECENT_BYTES", default=1024 * 1024)
PRESENCE_LEASE_SECONDS: float = _number("PRESENCE_LEASE_SECONDS", default=15.0)
PRESENCE_FORGET_SECONDS: float = _number("PRESENCE_FORGET_SECONDS", default=45.0)
MEMBERSHIP_RENEWAL_SECONDS: float = _number("MEMBERSHIP_RENEWAL_SECONDS", default=3600.0)

EVENTS_KEPT_DAYS: int = _whole("EVENTS_KEPT_DAYS", default=30)
OPERATIONS_KEPT_HOURS: int = _whole("OPERATIONS_KEPT_HOURS", default=24)
#: How often a process looks whether the daily upkeep is due.
UPKEEP_CHECK_SECONDS: float = _number("UPKEEP_CHECK_SECONDS", default=600.0)

# ── Storage ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
)


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'playlist.sqlite3'}"
    config: dict[str, Any] = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # A write transaction waits for its turn at its beginning: one that began as a read cannot become a write.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": _SQLITE_PRAGMAS,
        }
        # The threads are few and their own: each keeps its connection.
        config["CONN_MAX_AGE"] = None
    elif config["ENGINE"] == "django.db.backends.postgresql":
        writers = _whole("WRITER_THREADS", default=4)
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "pool": {"min_size": 2, "max_size": writers + HTTP_THREADS + READER_THREADS + 8, "timeout": 10},
        }
        config["CONN_HEALTH_CHECKS"] = True
        config["CONN_MAX_AGE"] = 0
    else:
        raise ImproperlyConfigured("DATABASE_URL must be a postgres:// or a sqlite:// address.")
    return config


DATABASES = {"default": _database()}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
#: SQLite has one writer at a time: more threads would only wait for one another.
WRITER_THREADS: int = 1 if ON_SQLITE else _whole("WRITER_THREADS", default=4)

# ── The line between processes ───────────────────────────────────────────────────────────────────────────────────────

#: Pub/sub keeps no list of members that could be lost, and what a nudge loses the poll finds.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

# ── Django ───────────────────────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    # Its app brings Django's `runserver`, and for that Twisted: 25 MB and half a second, for nothing anywhere else.
    *(["daphne"] if "runserver" in sys.argv else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "knox",
    "axes",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "playlist",
]

MIDDLEWARE = [
    "playlist_backend.middleware.RequestLog",
    "playlist_backend.middleware.HostCheck",
    "playlist_backend.middleware.Cookies",
    "playlist_backend.middleware.TrailingSlash",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "playlist_backend.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "playlist.rest.authentication.CsrfCheck",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "playlist_backend.urls"
WSGI_APPLICATION = "playlist_backend.wsgi.application"
ASGI_APPLICATION = "playlist_backend.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "playlist_backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_USER_MODEL = "playlist.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "playlist.rest.refusals.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "playlist.rest.openapi.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(days=365), "AUTO_REFRESH": False}

SPECTACULAR_SETTINGS = {
    "TITLE": "Playlist server",
    "DESCRIPTION": "A real-time collaborative playlist. Errors look alike everywhere; clients switch on `error.code`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["playlist.rest.openapi.add_components"],
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
#: Files are served from where they are installed; collecting them is not needed.
WHITENOISE_USE_FINDERS = True
#: The web client as Vite built it; shell.py serves the pages that name these files.
CLIENT_DIR = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [
    (f"client/{part}", CLIENT_DIR / part) for part in ("assets", "icons") if (CLIENT_DIR / part).exists()
]
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
#: Vite puts a hash of the content into these names, so they can be kept for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/client/assets/.+-[\w-]{8}\.\w+$"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

#: text for people, json for machines: one object a line, with the ids of request and connection.
LOG_FORMAT: str = env.str("LOG_FORMAT", default="") or ("json" if PRODUCTION else "text")
if LOG_FORMAT not in ("text", "json"):
    raise ImproperlyConfigured("LOG_FORMAT must be text or json.")
#: A line for each request and each connection that ended.
ACCESS_LOG: bool = env.bool("ACCESS_LOG", default=PRODUCTION)
#: Who sends `Authorization: Bearer …` with this may read /metrics; callers on this machine may without.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"origin": {"()": "playlist.logs.Origin"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}{origin}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["asctime", "levelname", "name", "message", "request_id", "connection_id"],
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            "reserved_attrs": [*RESERVED_ATTRS, "origin"],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["origin"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        # Without Redis it logs a traceback a second; the fan-out says it once, and counts.
        "channels_redis": {"level": "CRITICAL"},
        # A refusal is an answer, not an incident.
        "django.request": {"level": "ERROR"},
    },
}
