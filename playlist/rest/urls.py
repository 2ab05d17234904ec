"""The addresses of the REST API. A trailing slash is removed before matching, for every method."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularSwaggerSplitView

from playlist.models import MAIN_SLUG
from playlist.rest.views import accounts, hosting, library, log, past, people, playback, playlists, queue, rules, schema

_MAIN = {"slug": MAIN_SLUG}

urlpatterns = [
    path("tracks", library.TrackList.as_view()),
    path("albums", library.AlbumList.as_view()),
    path("artists", library.ArtistList.as_view()),
    path("favorites", library.FavoriteList.as_view()),
    path("favorites/<str:track_id>", library.FavoriteDetail.as_view()),
    path("genres", library.GenreList.as_view()),
    path("tracks/<str:track_id>", library.TrackDetail.as_view()),
    # One playlist, as clients that know only `main` see it.
    path("playlist", queue.ItemList.as_view(), _MAIN),
    path("playlist/add", queue.ItemAdd.as_view(), _MAIN),
    path("playlist/<str:item_id>", queue.ItemDetail.as_view(), _MAIN),
    path("playlist/<str:item_id>/vote", queue.ItemVote.as_view(), _MAIN),
    path("playlist/<str:item_id>/boost", queue.ItemBoost.as_view(), _MAIN),
    path("playlist/<str:item_id>/restore", queue.ItemRestore.as_view(), _MAIN),
    # Every playlist.
    path("playlists", playlists.PlaylistList.as_view()),
    path("playlists/<str:slug>", playlists.PlaylistDetail.as_view()),
    path("playlists/<str:slug>/items", queue.ItemList.as_view()),
    path("playlists/<str:slug>/queue", queue.Queue.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>", queue.ItemDetail.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>/vote", queue.ItemVote.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>/boost", queue.ItemBoost.as_view()),
    path("playlists/<str:slug>/items/<str:item_id>/restore", queue.ItemRestore.as_view()),
    path("playlists/<str:slug>/join", people.Join.as_view()),
    path("playlists/<str:slug>/participants", people.Participants.as_view()),
    path("playlists/<str:slug>/participants/<int:user_id>", people.ParticipantDetail.as_view()),
    path("playlists/<str:slug>/host-link", hosting.HostLink.as_view()),
    path("playlists/<str:slug>/claim", hosting.Claim.as_view()),
    path("playlists/<str:slug>/display-link", hosting.DisplayLink.as_view()),
    path("playlists/<str:slug>/display", hosting.Display.as_view()),
    path("playlists/<str:slug>/blocked", rules.BlockedList.as_view()),
    path("playlists/<str:slug>/blocked/<str:kind>/<str:target>", rules.BlockedDetail.as_view()),
    path("playlists/<str:slug>/playback", playback.PlaybackView.as_view()),
    path("playlists/<str:slug>/history", playback.History.as_view()),
    path("playlists/<str:slug>/events", playlists.Events.as_view()),
    path("playlists/<str:slug>/recommendations", playlists.Recommendations.as_view()),
    path("playlists/<str:slug>/activity", log.ActivityList.as_view()),
    path("playlists/<str:slug>/at", past.At.as_view()),
    path("playlists/<str:slug>/restore", past.Restore.as_view()),
    path("playlists/<str:slug>/undo", log.Undo.as_view()),
    path("guests", accounts.Guests.as_view()),
    path("user/register", accounts.Register.as_view()),
    path("user/login", accounts.Login.as_view()),
    path("user/logout", accounts.Logout.as_view()),
    path("user/me", accounts.Me.as_view()),
    path("schema", schema.SchemaView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="docs.html"), name="docs"),
]
