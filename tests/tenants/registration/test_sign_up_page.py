"""Signing an organisation up, as people do it on the public site."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.test import Client
from django.utils.html import escape

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day

GOOD = {
    "organisation": "Rocket Works",
    "slug": "rocket-works",
    "name": "Ada Lovelace",
    "email": "ada@works.example",
    "password": "plenty of rocket fuel",
}


@pytest.fixture
def submit(public_client):
    """Send the form with valid values, except the given ones, while there is a spare."""
    make_spare()
    return lambda **values: public_client.post("/sign-up/", {**GOOD, **values})


@pytest.fixture
def propose(public_client):
    """The response during typing."""

    def ask(**typed: str) -> str:
        response = public_client.get("/sign-up/slug/", typed)
        assert response.status_code == 200
        return response.content.decode()

    return ask


def value_of(name: str, html: str) -> str:
    field = re.search(rf"<input[^>]*name=\"{name}\"[^>]*>", html)
    assert field
    value = re.search(r"value=\"([^\"]*)\"", field[0])
    return value[1] if value else ""


def test_landing_page_leads_to_sign_up(public_client):
    response = public_client.get("/")
    assert response.status_code == 200
    assert 'href="/sign-up/"' in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/sign-up/", "/sign-up/slug/", "/nowhere/"])
def test_cookie_of_an_organisation_does_no_harm_on_the_public_site(public_client, settings, path):
    public_client.cookies[settings.SESSION_COOKIE_NAME] = "c" * 32
    assert public_client.get(path).status_code in (200, 404)


def test_page_has_the_five_fields(public_client):
    html = public_client.get("/sign-up/").content.decode()
    assert all(f'name="{name}"' in html for name in GOOD)
    assert ".localhost:8000" in html


def test_owner_lands_signed_in_on_the_new_host(submit):
    response = submit()
    assert response.status_code == 302
    tenant = Tenant.objects.get(slug="rocket-works")
    assert response.url.startswith("http://rocket-works.localhost:8000/hand-off/")
    browser = SiteClient(tenant)
    landed = browser.get(response.url.removeprefix("http://rocket-works.localhost:8000"), follow=True)
    assert landed.redirect_chain == [("/", 302)]
    assert "Welcome to Rocket Works" in landed.content.decode()
    with within(tenant):
        assert browser.session[SESSION_KEY] == str(User.objects.get(email="ada@works.example").pk)


def test_slug_may_be_typed_with_capitals_and_space_around(submit):
    assert submit(slug=" Rocket-Works ").status_code == 302
    assert Tenant.objects.filter(slug="rocket-works").exists()


def test_names_are_kept_on_one_line(submit):
    submit(organisation="  Rocket\r\nBcc:  Works ", name="Ada\nLovelace")
    tenant = Tenant.objects.get(slug="rocket-works")
    assert tenant.name == "Rocket Bcc: Works"
    with within(tenant):
        assert User.objects.get().name == "Ada Lovelace"


def test_all_errors_are_shown_at_once_and_what_was_typed_is_kept(submit):
    response = submit(organisation=" ", slug="a_", name="Ada <b>", email="nonsense", password="123456")
    html = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"organisation", "slug", "email", "password"}
    assert len(response.context["form"].errors["password"]) == 3
    assert value_of("slug", html) == "a_"
    assert value_of("email", html) == "nonsense"
    assert value_of("name", html) == escape("Ada <b>")
    assert not Tenant.objects.filter(name="Rocket Works").exists()


def test_password_is_never_echoed(submit):
    html = submit(slug="www", password="plenty of rocket fuel").content.decode()
    assert "plenty of rocket fuel" not in html


@pytest.mark.parametrize(
    ("slug", "word"),
    part_each_day(
        [
            ("www", "reserved"),
            ("admins", "reserved"),
            ("adm1n", "reserved"),
            ("acme", "taken"),
            ("g1obex", "taken"),
            ("аcme", "looks like the letter"),
            ("rocket.works", "letters a to z"),
            ("-rocket", "hyphen"),
            ("rocket\0works", "a character that cannot be saved"),
            ("r" * 64, "at most 63 characters"),
        ]
    ),
)
def test_address_that_cannot_be_had_says_why(acme, globex, submit, slug, word):
    response = submit(slug=slug)
    assert response.status_code == 200
    assert word in " ".join(response.context["form"].errors["slug"])


def test_taken_address_comes_with_free_ones(acme, submit):
    assert "acme-hq" in submit(slug="acme").context["form"].errors["slug"][0]


@pytest.mark.parametrize("password", ["rocket works", "adalovelace", "ada@works.example", "Ada Lovelace1"])
def test_password_must_not_resemble_what_else_was_typed(submit, password):
    assert "too similar" in submit(password=password).context["form"].errors["password"][0]


def test_password_is_compared_with_what_is_right_when_the_rest_is_wrong(submit):
    errors = submit(password="rocket works", email="nonsense", slug="").context["form"].errors
    assert set(errors) == {"slug", "email", "password"}


@pytest.mark.slow
def test_of_eight_browsers_that_ask_for_one_address_at_once_one_gets_it(committed):
    start = Barrier(8)

    def ask(number: int) -> Any:
        try:
            start.wait()
            values = {**GOOD, "slug": "one-address", "organisation": f"Club {number}"}
            return Client(SERVER_NAME="localhost").post("/sign-up/", values)
        finally:
            connections.close_all()

    for _ in range(8):
        make_spare()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [302]
    assert all("is taken" in answer.content.decode() for answer in answers if answer.status_code == 200)
    assert Tenant.objects.filter(slug="one-address").count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_form_needs_a_token_against_forgery(db, method):
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    response = getattr(browser, method)("/sign-up/", GOOD)
    assert response.status_code == {"get": 200, "post": 403}[method]
    assert not Tenant.objects.filter(slug="rocket-works").exists()


def test_with_nothing_in_stock_the_page_says_so_and_keeps_what_was_typed(submit):
    Tenant.objects.spare().delete()
    response = submit()
    html = response.content.decode()
    assert response.status_code == 200
    assert "We are preparing space for new organisations" in html
    assert value_of("slug", html) == "rocket-works"
    assert GOOD["password"] not in html
    make_spare()
    assert submit().status_code == 302


@pytest.mark.parametrize(
    "request_body",
    [
        {"data": b"\xff\xfe", "content_type": "application/json"},
        {"data": b"organisation=%00&slug=%ff", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"organisation": "x" * 900_000}},
        {"data": {"organisation": "x" * 1_100_000}},
        {"data": {}},
    ],
)
def test_nonsense_is_answered_and_not_tripped_over(public_client, request_body):
    assert public_client.post("/sign-up/", **request_body).status_code in (200, 400, 413)


def about(html: str) -> tuple[str, str]:
    """The address in a status, and the last proposed one."""
    found = re.search(r'data-slug="([^"]*)" data-proposed="([^"]*)"', html)
    assert found
    return found[1], found[2]


def test_address_is_proposed_from_the_name(propose):
    html = propose(organisation="Rocket Works", slug="", proposed="")
    assert about(html) == ("rocket-works", "rocket-works")
    assert "Available" in html


def test_proposal_follows_the_name(propose):
    html = propose(organisation="Rocket Works & Co", slug="rocket-works", proposed="rocket-works")
    assert about(html) == ("rocket-works-and-co", "rocket-works-and-co")


def test_a_typed_address_is_not_overwritten(propose):
    html = propose(organisation="Rocket Works & Co", slug="My-own", proposed="rocket-works")
    assert about(html) == ("my-own", "rocket-works")
    assert "Available" in html


def test_answer_has_no_field_that_could_replace_one(propose):
    assert "<input" not in propose(organisation="Rocket Works", slug="rocket", proposed="")


def test_address_that_was_emptied_is_proposed_again(propose):
    assert about(propose(organisation="Rocket", slug="", proposed="old")) == ("rocket", "rocket")


def test_free_address_is_proposed_where_the_first_is_taken(acme, propose):
    assert about(propose(organisation="Acme")) == ("acme-hq", "acme-hq")


def test_typed_address_that_is_taken_is_said_to_be(acme, propose):
    html = propose(organisation="Rocket", slug="acme", proposed="rocket")
    assert "taken" in html
    assert "data-refused" in html
    assert "Available</span>" not in html


def test_free_addresses_near_a_taken_one_can_be_clicked(acme, propose):
    html = propose(organisation="Rocket", slug="acme", proposed="rocket")
    assert re.findall(r'data-suggestion="([^"]*)"', html) == ["acme-hq", "acme-group", "acme-2"]


@pytest.mark.parametrize("organisation", ["شركة", "東京", "🚀🚀🚀"])
def test_name_without_latin_letters_says_what_to_type(propose, organisation):
    assert "letters a to z" in propose(organisation=organisation)


@pytest.mark.parametrize("organisation", ["", "東京", "\0", "<script>", "x" * 50_000])
def test_name_that_gives_no_address_gives_no_error(propose, organisation):
    html = propose(organisation=organisation)
    assert "<script>" not in html
    assert "errorlist" not in html


def test_password_is_not_sent_while_typing(public_client):
    """HTMX sends the fields in hx-include in the URL, which is logged."""
    html = public_client.get("/sign-up/").content.decode()
    assert re.findall(r"hx-include=\"([^\"]*)\"", html) == ["[name=organisation], [name=slug], [name=proposed]"]


def test_queries(public_client, django_assert_num_queries):
    public_client.get("/sign-up/slug/", {"slug": "rocket"})
    for path, queries in (("/", 0), ("/sign-up/", 0), ("/sign-up/slug/?organisation=Rocket", 4)):
        with django_assert_num_queries(queries):
            public_client.get(path)
