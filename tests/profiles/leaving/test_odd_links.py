"""Links that we have signed, but with something else in them, as another release may: dead, and never an error."""

import pytest
from django.conf import settings
from django.urls import reverse

from profiles.leaving.telling import SALT, owner_of
from shared.secret_paths import cut
from tenants import signing
from tenants.context import within

ODD: list[object] = [None, True, 7, 2**70, "", "x" * 5000, "\0", "../media", [], ["a"], {}]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_it_leads_nowhere(acme, value):
    with within(acme):
        for signed in (value, {"owner": value}, {"owner": value, "more": 1}):
            found = owner_of(signing.dumps(signed, salt=SALT))
            assert found is None or isinstance(value, int)


def test_the_log_cuts_its_secret():
    path = reverse("keep_organisation", args=["acme", "eyJr:1abc:secret"], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    assert "secret" in path
    assert "secret" not in cut(path)
