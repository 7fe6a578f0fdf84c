"""What computes the words of the search is a function, not an expression of 53 kB in each connection's memory."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from profiles.models.names import SearchWords

# It uses PostgreSQL's own functions alone, since a restore has no search_path.
FUNCTION = r"""
CREATE FUNCTION profiles_search_words(
    first_name text, last_name text, username text, place text, email text, more_words text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_to_tsvector(array_remove(string_to_array(
    translate(replace(replace(replace(replace(
        string_agg(regexp_replace(
            left(regexp_replace(normalize(lower(spelling), NFKD), '[\u0300-\u036f]', '', 'g'), 500),
            '[\s!-/:-@\[-`{-~\u2018\u2019\u02bb\u02bc]+', ' ' || mark, 'g'), ''),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'łøđðı', 'loddi')
    || ' ' || more_words, ' '), ''))
FROM (VALUES
    (' ' || first_name || ' ' || last_name || ' ' || username, ''), (' ' || place, ''), (' ' || email, '@')
) written (text, mark)
CROSS JOIN LATERAL (VALUES (text), (translate(text, '''`´‘’ʻʼ', ''))) spelled (spelling)
$$
"""
INDEX = django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search_words"], name="user_by_word")
SEARCHED = models.GeneratedField(
    db_persist=True,
    expression=SearchWords("first_name", "last_name", "username", "place", "email", "more_words"),
    output_field=django.contrib.postgres.search.SearchVectorField(),
)


class Migration(migrations.Migration):
    dependencies = [("profiles", "0018_invitation_added")]
    # Code that ran before finds a column of the same name with the same words.
    compatible = True

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION profiles_search_words"),
        migrations.RemoveIndex("user", "user_by_word"),
        migrations.RemoveField("user", "search_words"),
        migrations.AddField("user", "search_words", SEARCHED),
        migrations.AddIndex("user", INDEX),
    ]
