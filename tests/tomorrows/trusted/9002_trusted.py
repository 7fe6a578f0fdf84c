"""As Django's documentation has it: the extensions first, which are there already."""

from django.contrib.postgres.operations import CITextExtension, TrigramExtension
from django.db import migrations

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        CITextExtension(),
        TrigramExtension(),
        migrations.RunSQL(
            "ALTER TABLE profiles_profile ADD motto citext DEFAULT 'Onwards';"
            "CREATE INDEX profile_by_motto ON profiles_profile USING gin (motto gin_trgm_ops)",
            "ALTER TABLE profiles_profile DROP motto",
        ),
    ]
