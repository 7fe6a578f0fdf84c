"""Members choose who sees four fields of their profile; a hidden location is not searched. Capabilities add words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from profiles.models.former_words import WORDS

FIELDS = ("location", "pronouns", "birth_date", "phone")
AUDIENCES = ["everyone", "managers", "self"]

# As in 0012, but only of a location that everyone sees.
TRIGGERS = """
CREATE OR REPLACE FUNCTION profiles_place_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT CASE location_seen_by WHEN ''everyone'' THEN location END FROM %I.profiles_profile
        WHERE user_id = $1', TG_TABLE_SCHEMA) INTO NEW.place USING NEW.id;
    NEW.place := coalesce(NEW.place, '');
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION profiles_location_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.profiles_user SET place = $1 WHERE id = $2 AND place <> $1', TG_TABLE_SCHEMA)
        USING CASE NEW.location_seen_by WHEN 'everyone' THEN NEW.location ELSE '' END, NEW.user_id;
    RETURN NULL;
END $$
"""
FORMER_TRIGGERS = """
CREATE OR REPLACE FUNCTION profiles_place_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT location FROM %I.profiles_profile WHERE user_id = $1', TG_TABLE_SCHEMA)
        INTO NEW.place USING NEW.id;
    NEW.place := coalesce(NEW.place, '');
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION profiles_location_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.profiles_user SET place = $1 WHERE id = $2 AND place <> $1', TG_TABLE_SCHEMA)
        USING NEW.location, NEW.user_id;
    RETURN NULL;
END $$
"""
INDEX = django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search_words"], name="user_by_word")
SEARCHED = models.GeneratedField(
    db_persist=True, expression=WORDS, output_field=django.contrib.postgres.search.SearchVectorField()
)


def seen_by() -> models.CharField:
    choices = [("everyone", "Everyone"), ("managers", "Owners and admins"), ("self", "Only the member")]
    return models.CharField(choices=choices, db_default="everyone", default="everyone", max_length=8)


class Migration(migrations.Migration):
    dependencies = [("profiles", "0015_last_seen")]
    # Code that ran before writes none of the new columns, and searches one of the same name.
    compatible = True

    operations = [
        *(migrations.AddField("profile", f"{name}_seen_by", seen_by()) for name in FIELDS),
        *(
            migrations.AddConstraint(
                "profile",
                models.CheckConstraint(
                    condition=models.Q((f"{name}_seen_by__in", AUDIENCES)), name=f"profile_{name}_seen_by_known"
                ),
            )
            for name in FIELDS
        ),
        migrations.AddField("user", "more_words", models.TextField(db_default="", default="", editable=False)),
        migrations.RemoveIndex("user", "user_by_word"),
        migrations.RemoveField("user", "search_words"),
        migrations.AddField("user", "search_words", SEARCHED),
        migrations.AddIndex("user", INDEX),
        migrations.RunSQL(TRIGGERS, FORMER_TRIGGERS),
    ]
