"""A table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Note",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("user", models.ForeignKey("profiles.User", models.CASCADE)),
                ("text", models.TextField()),
            ],
        ),
    ]
