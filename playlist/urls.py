"""The addresses of the REST API. A trailing slash is taken off before they are matched, on every method."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularSwaggerView

from playlist.models import MAIN_SLUG
from playlist.views import accounts, items, library, playlists, schema

_MAIN = {"slug": MAIN_SLUG}

urlpatterns = [
    path("tracks", library.TrackList.as_view()),
    path("genres", library.GenreList.as_view()),
    path("tracks/<str:track_id>", library.TrackDetail.as_view()),
    # One playlist, as clients that know only `main` see it.
    path("playlist", items.ItemList.as_view(), _MAIN),
    path("playlist/add", items.ItemAdd.as_view(), _MAIN),
    path("playlist/<str:item_id>", items.ItemDetail.as_view(), _MAIN),
    path("playlist/<str:item_id>/vote", items.ItemVote.as_view(), _MAIN),
    path("playlist/<str:item_id>/restore", items.ItemRestore.as_view(), _MAIN),
    # Any playlist.
    path("playlists", playlists.PlaylistList.as_view()),
    path("playlists/<str:slug>", playlists.PlaylistDetail.as_view()),
    path("playlists/<str:slug>/items", items.ItemList.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>", items.ItemDetail.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>/vote", items.ItemVote.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>/restore", items.ItemRestore.as_view()),
    path("playlists/<str:slug>/join", playlists.Join.as_view()),
    path("playlists/<str:slug>/participants", playlists.Participants.as_view()),
    path("playlists/<str:slug>/participants/<int:user_id>", playlists.ParticipantDetail.as_view()),
    path("playlists/<str:slug>/playback", playlists.PlaybackView.as_view()),
    path("playlists/<str:slug>/history", playlists.History.as_view()),
    path("playlists/<str:slug>/events", playlists.Events.as_view()),
    path("guests", accounts.Guests.as_view()),
    path("user/register", accounts.Register.as_view()),
    path("user/login", accounts.Login.as_view()),
    path("user/logout", accounts.Logout.as_view()),
    path("user/me", accounts.Me.as_view()),
    path("schema", schema.SchemaView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
