"""Not atomic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("profiles", "9002_nickname")]
    operations = [AddIndexConcurrently("profile", models.Index(fields=["nickname"], name="profile_by_nickname"))]
