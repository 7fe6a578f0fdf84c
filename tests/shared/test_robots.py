"""What programs ask a site for: robots.txt, the header that keeps pages out of search engines, security.txt."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


def test_public_site_may_be_listed(public_client):
    assert public_client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"
    assert "X-Robots-Tag" not in public_client.get("/")


@pytest.mark.parametrize("path", ["/", "/people/", "/account/login/", "/nothing/", "/robots.txt", "/look/1-2456b8.css"])
def test_organisations_may_not(as_user, reader, visitor, path):
    for browser in (visitor, as_user(reader)):
        assert browser.get(path)["X-Robots-Tag"] == "noindex"
    assert visitor.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("host", ["nobody.localhost", "somewhere.else", "a b"])
def test_hosts_that_lead_nowhere_may_not(visitor, host, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert visitor.get("/", headers={"host": host})["X-Robots-Tag"] == "noindex"


def test_security_txt_names_an_address_and_a_day_within_a_year(visitor, public_client, settings):
    for browser in (visitor, public_client):
        fields = dict(line.split(": ", 1) for line in browser.get("/.well-known/security.txt").text.splitlines())
        assert fields["Contact"] == f"mailto:{settings.BRAND['SECURITY_EMAIL']}"
        left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
        assert timedelta(days=90) < left < timedelta(days=365)
        assert fields["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"


def test_without_an_address_there_is_none(public_client, settings):
    settings.BRAND = settings.BRAND | {"SECURITY_EMAIL": ""}
    assert public_client.get("/.well-known/security.txt").status_code == 404


def test_legal_pages_are_linked_where_the_product_has_them(visitor, public_client, settings):
    for browser in (visitor, public_client):
        page = "/account/login/" if browser is visitor else "/"
        assert "Imprint" not in browser.get(page).text
        settings.BRAND = settings.BRAND | {"IMPRINT_URL": "https://example.com/imprint"}
        assert '<a href="https://example.com/imprint">Imprint</a>' in browser.get(page).text
        settings.BRAND = settings.BRAND | {"IMPRINT_URL": ""}


def test_public_site_describes_itself(public_client):
    page = public_client.get("/").text
    assert '<meta name="description" content="' in page
    assert '<meta property="og:image" content="http://localhost' in page
