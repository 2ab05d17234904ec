"""Django's settings. environment.py declares those of operators; this module hands them to Django and the product.

A wrong value stops the start with one sentence that names the setting.
"""

from __future__ import annotations

import hmac
import socket
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playlist import logs
from playlist_backend import environment, storage, values
from playlist_backend.values import Network

BASE_DIR = Path(__file__).resolve().parent.parent

_given = environment.load(BASE_DIR / ".env")

# ── Where it runs ────────────────────────────────────────────────────────────────────────────────────────────────────

HOST: str = _given.HOST
PORT: int = _given.PORT
REDIS_URL: str = _given.REDIS_URL
PRODUCTION: bool = _given.PRODUCTION
DEBUG: bool = _given.DEBUG
DRAIN_DELAY_SECONDS: float = _given.DRAIN_DELAY_SECONDS
DATA_DIR: Path = storage.data_folder(_given, BASE_DIR)
MUSIC_DIR: tuple[Path, ...] = tuple(BASE_DIR / folder for folder in _given.MUSIC_DIR)
SECRET_KEY: str = storage.secret_key(_given, DATA_DIR)

# ── Access ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PUBLIC_URL: str = _given.PUBLIC_URL
TRUSTED_PROXIES: tuple[Network, ...] = _given.TRUSTED_PROXIES
COVER_ORIGINS: tuple[str, ...] = _given.COVER_ORIGINS
OPEN_MAIN: bool = _given.OPEN_MAIN
OPEN_SIGNUP: bool = _given.OPEN_SIGNUP
MEDIA_ACCEL: str = _given.MEDIA_ACCEL
LIBRARY_EDITORS: str = _given.LIBRARY_EDITORS
UPLOADS: str = _given.UPLOADS
#: Host names of this server, beside localhost and every address.
ALLOWED_HOST_NAMES: tuple[str, ...] = (
    *_given.ALLOWED_HOSTS,
    *([urlsplit(PUBLIC_URL).hostname or ""] if PUBLIC_URL else []),
    socket.gethostname().lower(),
    f"{socket.gethostname().lower()}.local",
)
#: playlist_backend.middleware.HostCheck is the check: Django's own has no rule for "every address".
ALLOWED_HOSTS = ["*"]

#: Web origins whose pages may use the API, beside this server's own.
ALLOWED_ORIGINS: tuple[str, ...] = (*_given.ALLOWED_ORIGINS, *([PUBLIC_URL] if PUBLIC_URL else []))
ALLOW_LOCAL_ORIGINS: bool = not PRODUCTION

CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "last-event-id",  # of clients that read a stream by fetch, with a token
    "x-csrftoken",
    "x-requested-with",
)
CORS_EXPOSE_HEADERS = ("ETag", "Link", "Location", "Retry-After", "X-Request-ID")

#: Cookies know no ports, so a second server on this host must use other names than the first one.
_INSTALLATION = hmac.digest(SECRET_KEY.encode(), b"playlist.installation", "sha256").hex()[:8]
SESSION_COOKIE_NAME = f"sessionid_{_INSTALLATION}"
CSRF_COOKIE_NAME = f"csrftoken_{_INSTALLATION}"
#: The slug of the room that the wall shows follows.
WALL_COOKIE_PREFIX = f"wall_{_INSTALLATION}_"
#: Not in a cookie, whose name another server on this host would share.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if _HTTPS else 0
#: Browsers complain about it over plain HTTP.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AXES_FAILURE_LIMIT = _given.LOGIN_FAILURE_LIMIT
AXES_COOLOFF_TIME = _given.LOGIN_LOCKOUT_SECONDS / 3600
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "playlist_backend.shell.locked_out"
#: Only a keyed hash of an address is kept, for a day (playlist/upkeep.py).
AXES_CLIENT_IP_CALLABLE = "playlist.rest.authentication.pseudonym"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# ── Limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────

REST_WRITES_PER_SECOND: float = _given.REST_WRITES_PER_SECOND
REST_WRITES_BURST: int = _given.REST_WRITES_BURST
GUESTS_PER_SECOND: float = _given.GUESTS_PER_SECOND
GUESTS_BURST: int = _given.GUESTS_BURST
PEOPLE_PER_ADDRESS_DAILY: int = _given.PEOPLE_PER_ADDRESS_DAILY
ADDRESS_PEOPLE: int = _given.ADDRESS_PEOPLE
ROOMS_PER_PERSON: int = _given.ROOMS_PER_PERSON
ROOMS_PER_PERSON_DAILY: int = _given.ROOMS_PER_PERSON_DAILY
ROOMS_PER_ADDRESS_DAILY: int = _given.ROOMS_PER_ADDRESS_DAILY
AUDIO_AT_ONCE: int = _given.AUDIO_AT_ONCE
WINDOWS_PER_SECOND: float = _given.WINDOWS_PER_SECOND
PASSWORDS_PER_SECOND: float = _given.PASSWORDS_PER_SECOND
PASSWORDS_BURST: int = _given.PASSWORDS_BURST
PASSWORD_THREADS: int = _given.PASSWORD_THREADS
PASSWORDS_WAITING: int = _given.PASSWORDS_WAITING
LOGIN_LOCKOUT_SECONDS: int = _given.LOGIN_LOCKOUT_SECONDS
WRONG_LINKS_PER_MINUTE: int = _given.WRONG_LINKS_PER_MINUTE
MAX_BODY_BYTES: int = _given.MAX_BODY_BYTES
IMPORT_BODY_BYTES: int = _given.IMPORT_BODY_BYTES
IMPORTS_PER_HOUR: int = _given.IMPORTS_PER_HOUR
UPLOAD_LIMIT_MB: int = _given.UPLOAD_LIMIT_MB
UPLOAD_QUOTA_MB: int = _given.UPLOAD_QUOTA_MB
STORAGE_RESERVE_MB: int = _given.STORAGE_RESERVE_MB
UPLOAD_PROGRESS_SECONDS: float = _given.UPLOAD_PROGRESS_SECONDS
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
FRAME_IN_BYTES: int = _given.FRAME_IN_BYTES
FRAME_OUT_BYTES: int = _given.FRAME_OUT_BYTES
COMMANDS_PER_SECOND: float = _given.COMMANDS_PER_SECOND
COMMANDS_BURST: int = _given.COMMANDS_BURST
COMMANDS_IN_FLIGHT: int = _given.COMMANDS_IN_FLIGHT
UNREAD_FRAMES: int = _given.UNREAD_FRAMES
UNREAD_BYTES: int = _given.UNREAD_BYTES
STALLED_SECONDS: float = _given.STALLED_SECONDS
RESUME_EVENTS: int = _given.RESUME_EVENTS
HELLO_SECONDS: float = _given.HELLO_SECONDS
PING_SECONDS: float = _given.PING_SECONDS
PONG_SECONDS: float = _given.PONG_SECONDS
TRANSPORT_PING_SECONDS: float = _given.TRANSPORT_PING_SECONDS
TRANSPORT_PONG_SECONDS: float = _given.TRANSPORT_PONG_SECONDS
STUCK_SECONDS: float = _given.STUCK_SECONDS
REQUEST_SECONDS: float = _given.REQUEST_SECONDS
EVENTS_KEPT_DAYS: int = _given.EVENTS_KEPT_DAYS
HISTORY_KEPT_DAYS: int = _given.HISTORY_KEPT_DAYS
OPERATIONS_KEPT_HOURS: int = _given.OPERATIONS_KEPT_HOURS
GUESTS_KEPT_DAYS: int = _given.GUESTS_KEPT_DAYS
CHECKPOINT_EVENTS: int = _given.CHECKPOINT_EVENTS
CHECKPOINT_CHECK_SECONDS: float = _given.CHECKPOINT_CHECK_SECONDS
UPKEEP_CHECK_SECONDS: float = _given.UPKEEP_CHECK_SECONDS
HTTP_THREADS: int = _given.HTTP_THREADS
READER_THREADS: int = _given.READER_THREADS
DISK_THREADS: int = _given.DISK_THREADS
WRITER_BATCH_LIMIT: int = _given.WRITER_BATCH_LIMIT
WRITER_QUEUE_LIMIT: int = _given.WRITER_QUEUE_LIMIT
WRITE_TIMEOUT_SECONDS: float = _given.WRITE_TIMEOUT_SECONDS
START_LEAD_MS: int = _given.START_LEAD_MS
CHAIN_LIMIT_MS: int = _given.CHAIN_LIMIT_MS
FOLLOW_LIMIT_SECONDS: int = _given.FOLLOW_LIMIT_SECONDS
FRAME_WINDOW_SECONDS: float = _given.FRAME_WINDOW_SECONDS
SNAPSHOT_WINDOW_SECONDS: float = _given.SNAPSHOT_WINDOW_SECONDS
POLL_SECONDS: float = _given.POLL_SECONDS
LOG_READ_LIMIT: int = _given.LOG_READ_LIMIT
RECENT_BYTES: int = _given.RECENT_BYTES
PRESENCE_LEASE_SECONDS: float = _given.PRESENCE_LEASE_SECONDS
PRESENCE_FORGET_SECONDS: float = _given.PRESENCE_FORGET_SECONDS
MEMBERSHIP_RENEWAL_SECONDS: float = _given.MEMBERSHIP_RENEWAL_SECONDS

# ── Storage ──────────────────────────────────────────────────────────────────────────────────────────────────────────

DATABASES = {"default": storage.database(_given, DATA_DIR, BASE_DIR)}
ON_SQLITE: bool = storage.on_sqlite(_given)
#: SQLite has one writer at a time: more threads would only wait for one another.
WRITER_THREADS: int = 1 if ON_SQLITE else _given.WRITER_THREADS

# ── The line between processes ───────────────────────────────────────────────────────────────────────────────────────

#: Pub/sub keeps no list of members that could be lost, and the poll finds changes whose nudge was lost.
CHANNEL_LAYERS: dict[str, dict[str, object]] = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

# ── Django ───────────────────────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    # Only `runserver` needs it, and it imports Twisted: 25 MB and half a second.
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
    "music",
    "playlist_backend",
]

MIDDLEWARE = [
    "playlist_backend.middleware.RequestLog",
    "playlist_backend.middleware.ContentSecurity",
    "playlist_backend.middleware.HostCheck",
    "playlist_backend.middleware.Cookies",
    "playlist_backend.middleware.TrailingSlash",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "playlist_backend.middleware.Cors",
    "playlist_backend.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "playlist.rest.authentication.CsrfCheck",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "playlist_backend.middleware.Refusals",
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
PASSWORD_HASHERS = ["playlist.hashing.PasswordHasher"]
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
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "This server"}],
    "TAGS": [
        {"name": "queue", "description": "What is to be played: adding, voting, moving, removing."},
        {"name": "exchange", "description": "Playlists as files that other players read and write."},
        {"name": "playback", "description": "What plays now, and what has played."},
        {"name": "playlists", "description": "Playlists, which people call rooms, their settings and their log."},
        {"name": "people", "description": "Guests, accounts, and who is in a room."},
        {"name": "library", "description": "The tracks that can be added."},
        {"name": "live", "description": "Changes as they happen; sockets stand in /api/asyncapi.json."},
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["playlist.rest.openapi.add_components"],
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
#: Of the pages that show times without a script, which alone knows the reader's.
PAGES_TIME_ZONE: str = _given.TIME_ZONE or values.machine_time_zone()
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
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

ACCESS_LOG: bool = PRODUCTION if _given.ACCESS_LOG is None else _given.ACCESS_LOG
METRICS_TOKEN: str = _given.METRICS_TOKEN
LOGGING = logs.configuration(_given.LOG_FORMAT or ("json" if PRODUCTION else "text"), _given.LOG_LEVEL)
