"""The addresses of music in the REST API."""

from __future__ import annotations

from django.urls import path

from music import views
from music.exchange.views import Export, Import

urlpatterns = [
    path("tracks/<str:track_id>/lyrics", views.TrackLyrics.as_view()),
    path("tracks/<str:track_id>/link", views.TrackLink.as_view()),
    path("library", views.LibraryView.as_view()),
    path("library/scan", views.ScanView.as_view()),
    path("playlists/<str:slug>/export", Export.as_view()),
    path("playlists/<str:slug>/import", Import.as_view()),
]
