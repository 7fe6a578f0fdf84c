"""Twenty fields of twenty thousand members: lists and searches read no more than they show."""

import pytest
from django.db import connection

from profiles.custom_fields.models import Field
from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import as_owner, within
from tests.profiles.people import test_big_organisation as big
from tests.profiles.people.test_big_organisation import crowd  # noqa: F401  the organisation, one for this file

FIELDS = 20
FILL = """
INSERT INTO custom_fields_values (profile_id, values)
SELECT p.id, (SELECT jsonb_object_agg('field_' || n, 'word' || (p.id * n %% 997)) FROM generate_series(1, %(fields)s) n)
FROM profiles_profile p;
ANALYZE custom_fields_values, custom_fields_field
"""


@pytest.fixture
def filled(crowd, db):  # noqa: F811  the fixture above
    with as_owner(), within(crowd), connection.cursor() as cursor:
        Field.objects.bulk_create(
            Field(
                key=f"field_{number}",
                label=f"Field {number}",
                position=number,
                is_column=number <= 3,
                is_searched=number <= 5,
                seen_by="managers" if number == 5 else "everyone",
            )
            for number in range(1, FIELDS + 1)
        )
        cursor.execute(FILL, {"fields": FIELDS})
        User.objects.filter(pk__lte=2000).update(more_words="word7 #word35")
    return crowd


# How many statements read values.
PAGES = {
    "/people/": 2,
    "/people/?sort=-joined": 2,
    "/people/?q=word7": 2,
    "/people/?q=word35": 2,
    "/people/member-700/": 2,
    "/people/?q=nobody": 1,
}


@pytest.mark.slow
def test_pages_read_values_by_an_index(filled, monkeypatch):
    """One test for all pages: to fill in so many values takes longer than to look at the pages."""
    monkeypatch.setattr(big, "BIG_TABLES", big.BIG_TABLES | {"custom_fields_values"})
    with within(filled):
        owner = User.objects.get(role="owner")
    browser = SiteClient(filled).sign_in(owner)
    browser.get("/people/owner/")
    read = {}
    for path in PAGES:
        with big.by_index(filled) as sent:
            response = browser.get(path)
        assert response.status_code == 200
        assert "nobody" in path or "word" in response.content.decode()
        read[path] = len([sql for sql in sent if "custom_fields" in sql])
    assert read == PAGES
