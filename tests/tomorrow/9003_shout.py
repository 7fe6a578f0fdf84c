"""Data: looked at in each tenant."""

from typing import Any

from django.db import migrations


def shout(apps: Any, schema_editor: Any) -> None:
    for user in apps.get_model("profiles", "User").objects.select_related("profile"):
        user.profile.nickname = f"{user.email}!"[:20]
        user.profile.save()


class Migration(migrations.Migration):
    dependencies = [("profiles", "9002_nickname")]
    operations = [migrations.RunPython(shout, migrations.RunPython.noop)]
