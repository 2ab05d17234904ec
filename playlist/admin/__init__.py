"""The admin reads the tables, and writes through the same doors as everybody else.

Playlists and what belongs to them are read-only; an operator changes them with actions, which submit commands. Tracks
are edited through playlist.library, so that every playlist learns of the change.
"""

from __future__ import annotations

from django.contrib import admin

from playlist.admin import accounts, library, playlists, records  # noqa: F401 - each registers its models
from playlist.forms import LoginForm

admin.site.site_header = admin.site.site_title = "Playlist server"
admin.site.login_form = LoginForm
