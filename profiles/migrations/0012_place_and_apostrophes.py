"""The search finds members by their location, and `O'Brien` by `obrien`."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from profiles.models.former_words import OWN_WORDS, Words

# For every writer of a location, SQL too, and whatever place Django writes when it saves a user. They name the schema,
# since a restore has no search_path.
TRIGGERS = """
CREATE FUNCTION profiles_place_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT location FROM %I.profiles_profile WHERE user_id = $1', TG_TABLE_SCHEMA)
        INTO NEW.place USING NEW.id;
    NEW.place := coalesce(NEW.place, '');
    RETURN NEW;
END $$;
CREATE TRIGGER profiles_place_of_user BEFORE UPDATE OF place ON profiles_user
    FOR EACH ROW EXECUTE FUNCTION profiles_place_of_user();
CREATE FUNCTION profiles_location_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.profiles_user SET place = $1 WHERE id = $2 AND place <> $1', TG_TABLE_SCHEMA)
        USING NEW.location, NEW.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_location_written AFTER INSERT OR UPDATE ON profiles_profile
    FOR EACH ROW EXECUTE FUNCTION profiles_location_written()
"""
NO_TRIGGERS = """
DROP TRIGGER profiles_location_written ON profiles_profile;
DROP FUNCTION profiles_location_written;
DROP TRIGGER profiles_place_of_user ON profiles_user;
DROP FUNCTION profiles_place_of_user
"""
FILL = "UPDATE profiles_user u SET place = location FROM profiles_profile p WHERE p.user_id = u.id AND location <> ''"
INDEX = django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search_words"], name="user_by_word")


class Migration(migrations.Migration):
    dependencies = [("profiles", "0011_language_and_words")]
    # Code that ran before finds a column of the same name, which holds all of its words, and never writes the place.
    compatible = True

    operations = [
        migrations.AddField(
            model_name="user",
            name="place",
            field=models.CharField(db_default="", default="", editable=False, max_length=100),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="user", name="user_by_word"),
        migrations.RemoveField(model_name="user", name="search_words"),
        migrations.AddField(
            model_name="user",
            name="search_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=Words(*OWN_WORDS),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(model_name="user", index=INDEX),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
