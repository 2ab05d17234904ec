"""The addresses of music in the REST API."""

from __future__ import annotations

from django.urls import path

from music import views

urlpatterns = [
    path("library", views.LibraryView.as_view()),
    path("library/scan", views.ScanView.as_view()),
]
