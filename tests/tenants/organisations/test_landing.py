"""The landing page of the public site."""

from django.apps import apps
from django.conf import settings


def test_it_speaks_of_signing_up_where_one_can(public_client):
    page = public_client.get("/").content.decode()
    assert "Your own members" in page
    for words in ("Sign up", "Create your organisation"):
        assert (words in page) is apps.is_installed("tenants.registration"), words


def test_previews_of_its_link_show_the_tagline(public_client):
    page, brand = public_client.get("/").content.decode(), settings.BRAND
    assert f'<meta property="og:title" content="{brand["NAME"]} · {brand["TAGLINE"]}">' in page
    assert page.count('<meta name="description"') == 1
