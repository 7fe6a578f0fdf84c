"""As pgvector's documentation has it: the extension first, which is there already."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        CreateExtension("vector"),
        migrations.RunSQL(
            "ALTER TABLE profiles_profile ADD place vector(2) DEFAULT '[1,1]';"
            "CREATE INDEX profile_by_place ON profiles_profile USING hnsw (place vector_l2_ops)",
            "ALTER TABLE profiles_profile DROP place",
        ),
    ]
