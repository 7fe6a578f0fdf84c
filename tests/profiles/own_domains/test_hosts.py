"""Which domains an owner may add, and what is mended in what they paste."""

import pytest
from django.core.exceptions import ValidationError

from profiles.own_domains.hosts import clean
from tests.profiles.own_domains.conftest import HOST


@pytest.mark.parametrize(
    "typed", [HOST, f" {HOST.upper()}. ", f"https://{HOST}/people/?a=b#c", f"http://{HOST}", f"{HOST}/"]
)
def test_a_pasted_address_is_mended(typed):
    assert clean(typed) == HOST


@pytest.mark.parametrize(
    "typed",
    ["https://Bücher.example/", "BÜCHER.example", "XN--BCHER-KVA.example.", "bücher。example", "bü\u00adcher.example"],
)
def test_an_international_domain_is_kept_in_ascii(typed):
    """However it is typed, so that two organisations cannot hold two spellings of one."""
    assert clean(typed) == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((each, "invalid") for each in ("", "customer", "a b.example", "-a.example", "a..example", "*.a.example")),
        *((each, "invalid") for each in ("1.2.3.0x4", "2130706433", "127.1", "a.example..", "straße.example", "a.1a")),
        *(
            (each, "invalid")
            for each in ("a_b.example", "user@a.example", "a.example:8000", "a.example.1", "\0.example", "a.example\n.")
        ),
        *((each, "address") for each in ("127.0.0.1", "[::1]", "https://192.0.2.1/")),
        *(
            (each, "ours")
            for each in ("localhost", "ACME.Localhost.", "acme。localhost", "a.b.localhost", "tls.hosts.example")
        ),
        *((each, "reserved") for each in ("printer.local", "db.internal", "x.onion", "1.0.0.127.in-addr.arpa")),
        ("shop.refused.example", "reserved"),
        (f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 40}.example", "long"),
    ],
)
def test_what_is_no_domain_of_a_customer_is_refused(settings, typed, code):
    settings.OWN_DOMAIN_TARGET, settings.OWN_DOMAINS_REFUSED = "tls.hosts.example", ["refused.example"]
    with pytest.raises(ValidationError) as refusal:
        clean(typed)
    assert refusal.value.code == code


def test_owner_is_told_why_and_keeps_what_was_typed(as_user, owner):
    page = as_user(owner).post("/settings/domains/add/", {"host": "globex.localhost"}).content.decode()
    assert "Addresses below localhost are ours." in page
    assert 'value="globex.localhost"' in page


def test_the_same_domain_twice_and_one_too_many(as_user, owner, add, settings):
    settings.OWN_DOMAINS_MOST = 2
    add()
    browser = as_user(owner)
    twice = browser.post("/settings/domains/add/", {"host": HOST}).content.decode()
    assert "You have added this domain already." in twice
    add("two.customer.example")
    refused = browser.post("/settings/domains/add/", {"host": "three.customer.example"}).content.decode()
    assert "An organisation can have 2 domains." in refused


def test_no_owner_reaches_the_domain_of_another_organisation(globex, add, stranger):
    from profiles.testing import SiteClient

    domain, browser = add(), SiteClient(globex).sign_in(stranger).give_password()
    assert HOST not in browser.get("/settings/domains/").content.decode()
    for path in ("", "remove/"):
        assert browser.get(f"/settings/domains/{domain.pk}/{path}").status_code == 404
    for path in ("check/", "remove/"):
        assert browser.post(f"/settings/domains/{domain.pk}/{path}").status_code == 404
    assert "host" in browser.post("/settings/domains/main/", {"host": HOST}).context["form"].errors
