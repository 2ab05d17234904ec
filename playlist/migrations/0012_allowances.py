from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0011_search_in_every_script")]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("used", models.PositiveIntegerField()),
                ("began_at_ms", models.BigIntegerField()),
            ],
        ),
    ]
