"""Links that we have signed, but with something else in them, as another release may: dead, and never an error."""

import pytest
from django.conf import settings
from django.urls import reverse

from profiles.exports.keeping import SALT, by_token
from shared.secret_paths import cut
from tenants import signing
from tenants.context import within

ODD: list[object] = [None, True, 7, 2**70, "", "x" * 5000, "\0", "../media", [], ["a"], {}]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_it_leads_nowhere(acme, value):
    with within(acme):
        for signed in (value, {"key": value}, {"key": value, "more": 1}):
            found = by_token(signing.dumps(signed, salt=SALT))
            assert found is None


def test_the_log_cuts_its_secret():
    path = reverse("download_export", args=["eyJr:1abc:secret"], urlconf=settings.ROOT_URLCONF)
    assert "secret" in path
    assert "secret" not in cut(path)
