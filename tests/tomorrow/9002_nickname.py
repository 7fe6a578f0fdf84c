"""Schema changes alone: replayed as SQL."""

from django.db import migrations, models

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        migrations.AddField("profile", "nickname", models.CharField(default="100 % 'quoted'", max_length=20)),
        migrations.CreateModel(
            "Note",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("user", models.ForeignKey("profiles.User", models.CASCADE)),
                ("text", models.CharField(max_length=20)),
            ],
        ),
        migrations.AlterField("note", "text", models.TextField(unique=True)),
    ]
