"""Settings of the rival: the product's, with what a new Django project has in place of what the product added."""

from playlist_backend.settings import *  # noqa: F403
from playlist_backend.settings import DATABASES, REDIS_URL, REST_FRAMEWORK

ROOT_URLCONF = "bench._tutorial"
REST_FRAMEWORK.clear()  # DRF as it comes
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if DATABASES["default"]["CONN_MAX_AGE"] is None:
    # Under Django's ASGI handler connections that stay open pile up: its default closes them.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
