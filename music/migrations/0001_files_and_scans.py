import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("playlist", "0016_tracks_from_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("scanning", "Scanning"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("heartbeat", models.DateTimeField(blank=True, null=True)),
                ("runner", models.CharField(blank=True, default="", max_length=32)),
                ("folders", models.BinaryField(blank=True, default=b"")),
                ("found", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_json", models.TextField(blank=True, default="[]")),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "scanning")), fields=("state",), name="one_scan_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AudioFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.BinaryField()),
                ("path_digest", models.CharField(max_length=32, unique=True)),
                ("size", models.BigIntegerField()),
                ("mtime_ns", models.BigIntegerField()),
                ("title", models.CharField(blank=True, default="", max_length=500)),
                ("artist", models.CharField(blank=True, default="", max_length=500)),
                ("album", models.CharField(blank=True, default="", max_length=500)),
                ("album_artist", models.CharField(blank=True, default="", max_length=500)),
                ("genre", models.CharField(blank=True, default="", max_length=50)),
                ("year", models.PositiveIntegerField(blank=True, null=True)),
                ("track_number", models.PositiveIntegerField(blank=True, null=True)),
                ("disc_number", models.PositiveIntegerField(blank=True, null=True)),
                ("fingerprint", models.CharField(blank=True, default="", max_length=32)),
                ("mb_recording", models.UUIDField(blank=True, null=True)),
                ("format", models.CharField(blank=True, default="", max_length=16)),
                ("content_type", models.CharField(blank=True, default="", max_length=64)),
                ("duration_ms", models.PositiveIntegerField(default=0)),
                ("gain_db", models.FloatField(blank=True, null=True)),
                ("peak", models.FloatField(blank=True, null=True)),
                ("loudness_from", models.CharField(blank=True, default="", max_length=8)),
                ("cover_key", models.CharField(blank=True, default="", max_length=32)),
                ("lyrics", models.TextField(blank=True, default="")),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("missing_since", models.DateTimeField(blank=True, null=True)),
                ("hidden", models.BooleanField(default=False)),
                ("converted", models.CharField(blank=True, default="", max_length=100)),
                (
                    "track",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="files",
                        to="playlist.track",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["fingerprint"], name="file_by_fingerprint"),
                    models.Index(
                        condition=models.Q(("mb_recording__isnull", False)),
                        fields=["mb_recording"],
                        name="file_by_recording",
                    ),
                ],
            },
        ),
    ]
