"""The welcome text becomes an app of its own, and takes its table along; where that app is taken out, the table goes."""

from django.apps import apps
from django.db import migrations

if apps.is_installed("profiles.welcome"):
    TABLE = migrations.RunSQL(
        'ALTER TABLE "profiles_welcome" RENAME TO "welcome_welcome"',
        'ALTER TABLE "welcome_welcome" RENAME TO "profiles_welcome"',
    )
    CONTENT_TYPE = migrations.RunSQL(
        "UPDATE django_content_type SET app_label = 'welcome' WHERE app_label = 'profiles' AND model = 'welcome'",
        "UPDATE django_content_type SET app_label = 'profiles' WHERE app_label = 'welcome' AND model = 'welcome'",
    )
else:
    TABLE = migrations.RunSQL('DROP TABLE "profiles_welcome"')
    CONTENT_TYPE = migrations.RunSQL(
        """
        DELETE FROM auth_permission WHERE content_type_id IN (
            SELECT id FROM django_content_type WHERE app_label = 'profiles' AND model = 'welcome');
        DELETE FROM django_content_type WHERE app_label = 'profiles' AND model = 'welcome'
        """
    )


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    compatible = False  # Code before it asks for the old table.

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[TABLE, CONTENT_TYPE],
            state_operations=[migrations.DeleteModel("Welcome")],
        )
    ]
