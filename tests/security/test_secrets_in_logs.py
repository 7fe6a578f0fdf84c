"""Secrets in addresses: in no line of the log, and in no Referer. And each line says where it is from."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, clear_url_caches, path

from profiles.testing import SiteClient, person
from shared.secret_paths import cut, is_secret
from tenants.context import public
from tenants.models import Domain, Tenant
from tests.security.links import all_addresses
from tests.security.logs import AccessLog

# Parts of addresses that tell nothing which their reader must not know.
HARMLESS = {
    "id",
    "pk",
    "username",
    "size",
    "name",
    "uidb36",
    "object_id",
    "app_label",
    "url",
    "content_type_id",
    "colour",
    "slug",
    "field_key",
    "message",
    "what",
    "endpoint",
    "number",
    "verb",
    "visit",
}
UNKNOWN = (
    "{} has a part {!r}. If it is a secret, as the token of a link in a mail is, call it `token`: the log then "
    "cuts it, and no Referer has it. If it is none, name it in HARMLESS here."
)


def unknown_parts(found: list[tuple[str, URLPattern]]) -> list[str]:
    return [
        UNKNOWN.format(name, part)
        for name, pattern in found
        for part in pattern.pattern.regex.groupindex
        if part not in HARMLESS | {"token", "key"}
    ]


def test_of_each_part_of_an_address_it_is_known_whether_it_is_a_secret():
    assert unknown_parts(all_addresses()) == []


def test_one_that_is_not_known_is_noticed():
    assert unknown_parts([("offer", path("offers/<str:code>/", fail))]) == [UNKNOWN.format("offer", "code")]


# --- The lines --------------------------------------------------------------------------------------------------------


def secret_in(link: str) -> str:
    """What must appear nowhere, not even a large part of it."""
    longest = max(link.split("/"), key=len)
    return longest.partition("-")[2][:12] if "/reset/" in link else longest[:12]


def test_no_logger_writes_by_another_handler():
    loggers = [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    handlers = {handler for logger in loggers if logger.name.startswith("django") for handler in logger.handlers}
    assert handlers == set()
    assert all(logger.propagate for logger in loggers if logger.name.startswith("django"))


@login_not_required
def fail(request: Any, **kwargs: str) -> HttpResponse:
    raise ValueError(f"A fault of ours at {request.path}, which quotes {kwargs}.")


@login_not_required
def talk(_request: Any) -> HttpResponse:
    logging.getLogger("shop").info("Sold.")
    return HttpResponse()


urlpatterns = [
    path("shop/", talk),
    path("invitations/<str:token>/", fail),
    path("hand-off/<str:token>/", fail),
    path("mail/<str:token>/", fail),
    path("join/<str:token>/", fail),
    path("tls/allowed/<str:key>", fail),
    path("mail/<str:token>/again/", fail),
    path("account/confirm-email/<str:key>/", fail),
    path("account/password/reset/key/<str:uidb36>-<str:key>/", fail),
]


def ways(acme: Tenant, globex: Tenant, link: str, settings: Any) -> Iterator[Any]:
    """A link as it is opened, sent, mistyped, quoted, and come to a wrong or a broken place."""
    strict = SiteClient(acme, enforce_csrf_checks=True)
    careless = SiteClient(acme, raise_request_exception=False)
    referer = f"http://{acme.domain}{link}"
    yield strict.post(link, {"name": "x"})
    yield strict.get(link.rstrip("/"))
    yield strict.get(link, PATH_INFO=f"/{link}")
    yield strict.get(link, PATH_INFO=link.replace(secret_in(link), f' "{secret_in(link)}'))
    yield strict.get(f"{link}more/")
    yield strict.get("/nothing/", {"next": link}, headers={"referer": referer})
    for host in ("localhost", "nobody.localhost", "old.localhost", globex.domain, "a b"):
        yield strict.get(link, headers={"host": host})
    urlconf, settings.ROOT_URLCONF = settings.ROOT_URLCONF, __name__
    clear_url_caches()
    yield careless.get(link)
    settings.ROOT_URLCONF = urlconf
    clear_url_caches()
    yield SiteClient(acme).get(link, headers={"referer": referer})
    yield SiteClient(acme).get(link)


def test_no_line_of_any_logger_holds_a_secret(acme, globex, links, lines, settings):
    with public():
        Domain.objects.create(domain="old.localhost", tenant=acme, is_primary=False)
        Tenant.objects.filter(pk=globex.pk).update(state=Tenant.State.SUSPENDED)
    access = AccessLog()
    for link in links.values():
        statuses = []
        for response in ways(acme, globex, link, settings):
            access.note(response)
            statuses.append(response.status_code)
        assert {403, 404, 400, 500} <= set(statuses), link
    written = lines.getvalue() + access.text.getvalue()
    assert written.count("ValueError: A fault of ours at ") == len(links)
    assert "CSRF cookie not set" in written
    assert written.count("Traceback") > 2 * len(links)
    for name, link in links.items():
        leaks = [line for line in written.splitlines() if secret_in(link) in line]
        assert leaks == [], name


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('"GET /invitations/abc/ HTTP/1.1" 200', '"GET /invitations/*** HTTP/1.1" 200'),
        ('"GET /members/invitations/ HTTP/1.1" 200', '"GET /members/invitations/ HTTP/1.1" 200'),
        ("Not Found: /people/abc/", "Not Found: /people/abc/"),
        ("Gone: /hand-off/a b c\nnext", "Gone: /hand-off/***\nnext"),
        ('"GET /?next=%2Finvitations%2Fabc%2F HTTP/1.1" 302', '"GET /?next=%2Finvitations%2F*** HTTP/1.1" 302'),
        ("/account/password/reset/key/2s-abc-def/", "/account/password/reset/key/2s-***"),
        ("/account/password/reset/key/done/", "/account/password/reset/key/done/"),
        ("/ACCOUNT/confirm-email/abc", "/ACCOUNT/confirm-email/***"),
        (
            '"GET /callback/?code=a.b&iss=c&STATE=d HTTP/1.1" 302',
            '"GET /callback/?code=***&iss=c&STATE=*** HTTP/1.1" 302',
        ),
        ("/login/?next=%2Fcallback%2F%3Fcode%3Da%26iss%3Dc", "/login/?next=%2Fcallback%2F%3Fcode%3D***"),
        (
            "/login/?next=%2Fagain%2F%3Fnext%3D%252Finvitations%252Fabc",
            "/login/?next=%2Fagain%2F%3Fnext%3D%252Finvitations%252F***",
        ),
        ("/x?access_token=a&client_secret=b&api_key=c", "/x?access_token=***&client_secret=***&api_key=***"),
        ("/people/?postcode=1&q=state", "/people/?postcode=1&q=state"),
        ("/logo/00000000-0000-4000-8000-000000000000.webp",) * 2,
    ],
)
def test_what_is_cut_and_what_is_not(line, shown):
    assert cut(line) == shown


# --- Where a line is from ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "status", "tenant"),
    [
        ("acme.localhost/nothing/", 404, "acme"),
        ("ACME.localhost:8000/invitations/nothing/", 410, "acme"),
        ("acme.localhost/members/", 403, "acme"),
        ("globex.localhost/", 403, "globex"),
        ("localhost/nothing/", 404, "public"),
        ("nobody.localhost/", 404, "public"),
    ],
)
def test_what_django_says_of_a_request_names_organisation_and_host(acme, globex, lines, url, status, tenant):
    host, slash, rest = url.partition("/")
    with public():
        Tenant.objects.filter(pk=globex.pk).update(state=Tenant.State.SUSPENDED)
    response = SiteClient(acme).sign_in(person(acme, "reader")).get(slash + rest, headers={"host": host})
    assert response.status_code == status
    schemas = {"acme": acme.schema_name, "globex": globex.schema_name, "public": "public"}
    (line,) = (line for line in lines.getvalue().splitlines() if " django.request " in line)
    name = host.lower().removesuffix(":8000")
    request_id = response["X-Request-ID"]
    user = person(acme, "reader").pk if name == "acme.localhost" else "-"
    assert f" WARNING {schemas[tenant]} {name} {request_id} {user} django.request " in line
    access = AccessLog()
    access.note(response)
    where_from = rf"\] {schemas[tenant]} {host} {request_id} {user} 127\.0\.0\.1 "
    assert re.search(rf"{where_from}\"GET {slash}", access.text.getvalue())


def test_what_we_say_during_a_request_does_too(acme, lines, settings):
    settings.ROOT_URLCONF = __name__
    SiteClient(acme).get("/shop/", headers={"X-Request-ID": "proxy-0001"})
    logging.getLogger("shop").info("Closed.")
    assert f" INFO {acme.schema_name} acme.localhost proxy-0001 - shop Sold." in lines.getvalue()
    assert " INFO public - - - shop Closed." in lines.getvalue()


def test_a_host_that_is_none_adds_nothing_to_a_line(acme, lines):
    response = Client().get("/", headers={"host": 'a b" 200\nx'})
    access = AccessLog()
    access.note(response)
    where_from = f"public - {response['X-Request-ID']} -"
    assert f" ERROR {where_from} django.security.DisallowedHost Invalid HTTP_HOST header: 'a b" in lines.getvalue()
    assert " a%20b%22%20200%0Ax " in access.text.getvalue()


# --- The Referer ------------------------------------------------------------------------------------------------------


def test_no_page_repeats_its_secret_and_no_cache_keeps_it(acme, links):
    for link in [*links.values(), "/invitations/garbage/", "/hand-off/garbage"]:
        response = SiteClient(acme).get(link)
        assert response["Referrer-Policy"] == "strict-origin", link
        assert "no-store" in response["Cache-Control"], link
    assert SiteClient(acme).get("/account/login/")["Referrer-Policy"] == "same-origin"
    assert not is_secret("/members/invitations/5/resend/")
