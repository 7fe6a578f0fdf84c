"""Rows: only its author can know whether old code goes on with it."""

from django.db import migrations


class Migration(migrations.Migration):
    compatible = True
    dependencies = [("profiles", "9003_index")]
    operations = [migrations.RunSQL("UPDATE profiles_profile SET stars = 1", migrations.RunSQL.noop)]
