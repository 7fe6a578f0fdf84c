import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class CreateUnlessThere(migrations.CreateModel):
    """The table is there where profiles.0002 has renamed it, and not where this app was put in later."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            there = schema_editor.connection.introspection.table_names(cursor)
        if "welcome_welcome" not in there:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("profiles", "0002_welcome_apart")]
    compatible = True

    operations = [
        CreateUnlessThere(
            name="Welcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, max_length=10000)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="welcome_only_one")],
            },
        ),
    ]
