"""Its rows, whose foreign keys PostgreSQL checks when the transaction ends. No note can be made of Trouble."""

from typing import Any

from django.db import migrations


def write(apps: Any, schema_editor: Any) -> None:
    for user in apps.get_model("profiles", "User").objects.all():
        if user.last_name == "Trouble":
            raise ValueError(f"{user.first_name} is Trouble")
        apps.get_model("profiles", "Note").objects.create(user=user, text=user.email)


class Migration(migrations.Migration):
    dependencies = [("profiles", "9002_note")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
