"""The landing page of the public site."""

from django.apps import apps


def test_it_speaks_of_signing_up_where_one_can(public_client):
    page = public_client.get("/").content.decode()
    assert "Your own people" in page
    for words in ("Sign up", "waiting list", "walk in"):
        assert (words in page) is apps.is_installed("tenants.registration"), words
