"""All of it as SQL: Django knows nothing of it."""

from django.db import migrations

from tests.tomorrow import TODAY

FORWARDS = """
CREATE TYPE mood AS ENUM ('calm', 'loud');
ALTER TABLE profiles_profile ADD mood mood DEFAULT 'calm' NOT NULL;
CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.mood = 'loud';
    RETURN NEW;
END $$;
CREATE TRIGGER louder BEFORE UPDATE ON profiles_profile FOR EACH ROW EXECUTE FUNCTION louder();
CREATE VIEW loud AS SELECT id FROM profiles_profile WHERE mood = 'loud';
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) FROM profiles_profile GROUP BY mood
"""
BACKWARDS = """
DROP MATERIALIZED VIEW moods; DROP VIEW loud; DROP TRIGGER louder ON profiles_profile; DROP FUNCTION louder;
ALTER TABLE profiles_profile DROP mood; DROP TYPE mood
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
