"""One function instead of two keeps the place of a user: each is a row of the catalogue in every organisation."""

from django.db import migrations

# As in 0016. The name of the schema, since a restore has no search_path.
FUNCTION = """
CREATE FUNCTION profiles_keep_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'profiles_user' THEN
        EXECUTE format('SELECT CASE location_seen_by WHEN ''everyone'' THEN location END FROM %I.profiles_profile
            WHERE user_id = $1', TG_TABLE_SCHEMA) INTO NEW.place USING NEW.id;
        NEW.place := coalesce(NEW.place, '');
        RETURN NEW;
    END IF;
    EXECUTE format('UPDATE %I.profiles_user SET place = $1 WHERE id = $2 AND place <> $1', TG_TABLE_SCHEMA)
        USING CASE NEW.location_seen_by WHEN 'everyone' THEN NEW.location ELSE '' END, NEW.user_id;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE OR REPLACE TRIGGER profiles_place_of_user BEFORE UPDATE OF place ON profiles_user
    FOR EACH ROW EXECUTE FUNCTION {of_user}();
CREATE OR REPLACE TRIGGER profiles_location_written AFTER INSERT OR UPDATE ON profiles_profile
    FOR EACH ROW EXECUTE FUNCTION {of_profile}()
"""
FORMER_FUNCTIONS = """
CREATE FUNCTION profiles_place_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT CASE location_seen_by WHEN ''everyone'' THEN location END FROM %I.profiles_profile
        WHERE user_id = $1', TG_TABLE_SCHEMA) INTO NEW.place USING NEW.id;
    NEW.place := coalesce(NEW.place, '');
    RETURN NEW;
END $$;
CREATE FUNCTION profiles_location_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.profiles_user SET place = $1 WHERE id = $2 AND place <> $1', TG_TABLE_SCHEMA)
        USING CASE NEW.location_seen_by WHEN 'everyone' THEN NEW.location ELSE '' END, NEW.user_id;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0021_session")]
    # The triggers do what they did.
    compatible = True

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION profiles_keep_place"),
        migrations.RunSQL(
            TRIGGERS.format(of_user="profiles_keep_place", of_profile="profiles_keep_place"),
            TRIGGERS.format(of_user="profiles_place_of_user", of_profile="profiles_location_written"),
        ),
        migrations.RunSQL("DROP FUNCTION profiles_location_written, profiles_place_of_user", FORMER_FUNCTIONS),
    ]
