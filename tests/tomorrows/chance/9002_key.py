"""A key that nothing else may have, and beside it what is always the same."""

import secrets

from django.db import migrations, models

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        migrations.AddField("profile", "key", models.CharField(default=secrets.token_urlsafe, max_length=50)),
        migrations.AddField("profile", "answers", models.JSONField(default=dict)),
    ]
