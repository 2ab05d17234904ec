from django.apps import AppConfig


class PlaylistConfig(AppConfig):
    name = "playlist"
    default_auto_field = "django.db.models.BigAutoField"
