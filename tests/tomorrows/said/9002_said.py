"""Rows: only its author can know."""

from django.db import migrations

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    compatible = True
    dependencies = [("profiles", TODAY)]
    operations = [migrations.RunSQL("UPDATE profiles_profile SET bio = ''", migrations.RunSQL.noop)]
