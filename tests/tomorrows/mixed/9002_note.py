"""A table."""

from django.db import migrations, models

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
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
