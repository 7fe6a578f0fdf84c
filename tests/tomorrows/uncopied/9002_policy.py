"""A column, and a policy that no copy would have."""

from django.db import migrations, models

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        migrations.AddField("profile", "nickname", models.CharField(default="", max_length=20)),
        migrations.RunSQL("CREATE POLICY planted ON profiles_profile", "DROP POLICY planted ON profiles_profile"),
    ]
