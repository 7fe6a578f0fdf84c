"""Django's record of migrations has no table for long values beside its own: no row of it can be long."""

from django.db import migrations

LENGTH = "ALTER TABLE django_migrations ALTER COLUMN app TYPE varchar({})"


class Migration(migrations.Migration):
    dependencies = [("profiles", "0019_search_words")]
    # App labels in django_content_type have at most 100 characters, too.
    compatible = True

    operations = [migrations.RunSQL(LENGTH.format(100), LENGTH.format(255))]
