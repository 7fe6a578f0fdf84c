"""One row in every schema, the template too."""

import secrets
from typing import Any

from django.db import migrations

from tests.tomorrow import TODAY


def make_one(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.create(name=secrets.token_urlsafe())


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_one, migrations.RunPython.noop)]
