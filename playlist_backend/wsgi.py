"""Django's sync stack as a WSGI application; asgi.py runs it on its threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playlist_backend.settings")

application = get_wsgi_application()
