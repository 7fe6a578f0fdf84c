"""Each request is answered for the organisation of its host, and leaves nothing behind."""

from io import BytesIO
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.http import FileResponse
from django.test import Client

from profiles.testing import SiteClient
from tenants.context import as_owner, current, within
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.serving.middleware import TenantMiddleware
from tests.tenants.where import no_database


@pytest.mark.parametrize(
    "host",
    [
        "acme.localhost",
        "ACME.localhost",
        "acme.localhost:8000",
        "Acme.LOCALHOST.:80",
        "acme.localhost.",
        "acme.localhost:99999",
    ],
)
def test_a_host_in_any_spelling(strange, acme, host):
    page = strange.get("/", headers={"host": host})
    assert page.text == f"{acme.schema_name} owner@acme.example Acme"


def test_each_host_its_own_organisation(strange, globex):
    assert "owner@globex.example" in strange.get("/", headers={"host": "globex.localhost"}).text


@pytest.mark.parametrize("host", ["nobody.localhost", "www.localhost", "a.acme.localhost", f"{'a' * 60}.localhost"])
def test_an_unknown_host_says_so_and_offers_the_public_site(strange, host, settings):
    page = strange.get("/", headers={"host": host})
    assert page.status_code == 404
    assert f'href="{settings.BASE_URL}"' in page.text
    assert "There is no organisation at this address" in page.text


STRANGE_HOSTS = [
    "",
    ".",
    "acme",
    "acme.localhost:port",
    "acme.localhost@evil.example",
    "evil.example",
    "evil.example:80@acme.localhost",
    "acme.localhost/evil",
    "acme.localhost, globex.localhost",
    "acme.localhost globex.localhost",
    "a\x00cme.localhost",
    "acme.localhost\x00",
    "bücher.localhost",
    "xn--bcher-kva.localhost",
    "[::1]",
    "[::1]:8000",
    "[::1",
    "127.0.0.1",
    "..localhost",
    "-.localhost",
    "%00.localhost",
    "t_template.localhost",
    f"{'a' * 300}.localhost",
    f"{'a.' * 140}localhost",
    f"{'a' * 20_000}.localhost",
]


@pytest.mark.parametrize("host", STRANGE_HOSTS, ids=range(len(STRANGE_HOSTS)))
def test_no_host_is_an_error_of_ours(strange, host):
    assert strange.get("/", HTTP_HOST=host).status_code in (400, 404)
    assert current() is None


def test_a_schemas_name_is_no_host(strange, acme):
    host = f"{acme.schema_name.replace('_', '-')}.localhost"
    assert strange.get("/", headers={"host": host}).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
def test_a_secondary_host_redirects_to_the_canonical_one(strange, acme, method):
    """Temporarily, since an old address can be taken back; as the same method, so that no form is lost."""
    Domain.objects.create(tenant=acme, domain="www.localhost", is_primary=False)
    page = getattr(strange, method)("/people/?page=2&q=a%20b", headers={"host": "www.localhost"})
    assert page.status_code == 307
    assert page["Location"] == "http://acme.localhost:8000/people/?page=2&q=a%20b"


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "/@evil.example", "/%0d%0aSet-Cookie:x=y", "/.evil"]
)
def test_no_path_leads_off_the_organisation(strange, acme, path):
    Domain.objects.create(tenant=acme, domain="www.localhost", is_primary=False)
    page = strange.get(path, headers={"host": "www.localhost"})
    assert page["Location"].startswith("http://acme.localhost:8000/")
    assert "\n" not in page["Location"]


def test_a_secondary_host_without_a_canonical_one(strange, acme):
    Domain.objects.filter(tenant=acme).update(is_primary=False)
    assert strange.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/account/login/", "/nowhere/"])
def test_a_suspended_organisation_has_one_page(visitor, acme, path):
    acme.state = Tenant.State.SUSPENDED
    acme.save()
    page = visitor.get(path)
    assert page.status_code == 403
    assert "Acme is suspended" in page.text


def test_no_one_signs_in_to_an_incomplete_organisation(visitor, acme):
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="")
    for page in (
        visitor.get("/"),
        visitor.post("/account/login/", {"login": "owner", "password": "correct horse battery"}),
    ):
        assert (page.status_code, page["Retry-After"]) == (503, "60")
        assert "sessionid" not in page.cookies
        assert "session" not in page.cookies


def test_a_table_that_goes_missing_in_a_view(strange, acme, caplog):
    page = strange.get("/drop/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "being prepared" in page.text
    assert "SchemaIncomplete" in caplog.text, "the operator has to hear of it"


def test_a_table_that_is_missing_before_the_view(acme, owner, as_user):
    """The authentication middleware is the first to notice."""
    client = as_user(owner)
    client.raise_request_exception = False
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_user RENAME TO gone")
    page = client.get("/people/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")


@pytest.fixture
def browser(settings, acme_and_globex) -> Client:
    """As `strange`, with a connection that can be lost."""
    settings.ROOT_URLCONF = "tests.tenants.strange_urls"
    return Client(raise_request_exception=False, headers={"host": "acme.localhost"})


def test_a_connection_that_is_lost_is_no_error_of_ours_and_the_next_request_has_another(browser, caplog):
    page = browser.get("/lose/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "We cannot reach our database" in page.text
    assert "OperationalError" in caplog.text, "the operator has to hear of it"
    close_old_connections()  # as the server does after each request
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("is_known", [True, False])
def test_without_a_database_a_page_says_so(browser, caplog, is_known):
    """Before the view, where the host has to be looked up, and in it."""
    if is_known:
        browser.get("/")
    with no_database():
        page = browser.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "no_such_setting" in caplog.text
    assert "no_such_setting" not in page.text
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("state", [Tenant.State.SPARE, Tenant.State.TEMPLATE])
def test_a_spare_and_the_template_are_on_no_host(strange, state):
    tenant = make_spare() if state == Tenant.State.SPARE else Tenant.objects.template()
    Domain.objects.create(tenant=tenant, domain="hidden.localhost")
    assert strange.get("/", headers={"host": "hidden.localhost"}).status_code == 404


def test_the_public_site_has_no_tenant_and_another_map(strange):
    assert strange.get("/where-async/", headers={"host": "localhost"}).status_code == 404
    assert strange.get("/health/", headers={"host": "localhost"}).status_code == 200
    assert strange.get("/sign-up/", headers={"host": "acme.localhost"}).status_code == 404


@pytest.mark.parametrize("cookie", ["session", "sessionid", "messages", "csrf"])
def test_a_cookie_of_an_organisation_is_harmless_on_the_public_site(public_client, as_user, owner, cookie):
    public_client.cookies[cookie] = as_user(owner).cookies["session"].value
    assert public_client.get("/").status_code == 200
    assert public_client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/fail/", "/nowhere/", "/change-tenant/", "/drop/", "/stream/", "/fail-async/"])
def test_a_request_leaves_no_tenant_behind(strange, acme, path):
    strange.get(path)
    assert current() is None


def test_a_failing_view_is_500(strange, acme):
    page = strange.get("/fail/")
    assert page.status_code == 500
    assert "<h1>Something went wrong</h1>" in page.text
    assert 'rel="stylesheet"' in page.text


def test_a_request_costs_no_query_for_its_host(strange, acme, django_assert_num_queries):
    strange.get("/")
    with django_assert_num_queries(1):
        strange.get("/")


def test_a_redirect_costs_two_look_ups(strange, acme, django_assert_num_queries):
    """The address and the canonical one: hosts that are not served are not cached."""
    Domain.objects.create(tenant=acme, domain="www.localhost", is_primary=False)
    strange.get("/", headers={"host": "www.localhost"})
    with django_assert_num_queries(2):
        strange.get("/", headers={"host": "www.localhost"})


def test_a_session_is_worth_nothing_on_another_host(as_user, owner, globex):
    """Not even if the other organisation has a session with the same key, for the same primary key."""
    session = as_user(owner).cookies["session"].value
    stranger = SiteClient(globex)
    stranger.cookies["session"] = session
    assert stranger.get("/people/").status_code == 302


def test_a_streamed_body_is_made_in_the_tenant(strange, acme, globex):
    """Its parts are asked for after the middleware has ended, here even within another tenant."""
    response = strange.get("/stream/")
    assert current() is None
    with within(globex):
        body = response.getvalue().decode()
    assert body.split() == ["owner@acme.example", "admin@acme.example"]


def test_a_file_is_left_to_the_server(acme, rf):
    """Servers send an open file by themselves, faster than we could."""
    middleware = TenantMiddleware(lambda _: FileResponse(BytesIO(b"contents")))
    response: Any = middleware(rf.get("/", headers={"host": "acme.localhost"}))
    assert response.file_to_stream is not None
    assert response.getvalue() == b"contents"
