"""Forms in odd encodings are read as UTF-8 or refused, on every form, by WSGI and ASGI."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.test import Client, RequestFactory
from django.urls import get_resolver

from profiles.testing import SiteClient
from profiles.testing.installed import needs
from tests.daily import part_each_day

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=7777"
# Some that Python knows, of which half are from bytes to bytes or from text to text, and some that it does not.
OTHERS = ["iso-8859-1", "utf-16", "utf-7", "rot13", "zlib", "hex", "base64", "idna", "punycode", "undefined", "x-none"]
UTF8 = ["utf-8", "UTF8", "utf_8", '"utf-8"']
PAGES = ["/account/login/", "/account/password/reset/", "/hand-off/none/"]


def part(headers: str, value: str = "Zoë") -> bytes:
    return f"--7777\r\nContent-Disposition: form-data; {headers}\r\n\r\n{value}\r\n--7777--\r\n".encode()


@pytest.fixture
def browser(acme) -> SiteClient:
    return SiteClient(acme, raise_request_exception=False)


def post(browser: Client, content_type: str, body: bytes = part("name=login"), path: str = PAGES[0]) -> int:
    return browser.generic("POST", path, body, content_type=content_type).status_code


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("charset", OTHERS)
def test_a_form_in_another_encoding_is_refused(browser, public_client, charset, path):
    assert post(browser, f"{FORM}; charset={charset}", b"login=a", path) == 400
    assert post(browser, f"{MULTIPART}; charset={charset}", path=path) == 400
    assert post(public_client, f"{MULTIPART}; charset={charset}", path="/sign-up/") == 400


@needs("tenants.registration")
@pytest.mark.parametrize("charset", UTF8)
def test_utf8_is_utf8_however_it_is_spelled(public_client, charset):
    for content_type, body in ((FORM, b"name=Zo%C3%AB"), (MULTIPART, part("name=name"))):
        page = public_client.generic("POST", "/sign-up/", body, content_type=f"{content_type}; charset={charset}")
        assert page.status_code == 200
        assert "Zoë" in page.content.decode()


@needs("tenants.registration")
@pytest.mark.parametrize("charset", OTHERS)
@pytest.mark.parametrize("headers", ["name*={}''n%41%c3%ab", "name=a; filename*={}''n%41%c3%ab"])
def test_a_part_that_names_an_encoding_breaks_nothing(public_client, charset, headers):
    assert post(public_client, MULTIPART, part(headers.format(charset)), "/sign-up/") in (200, 400)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("charset", part_each_day(OTHERS))
def test_a_type_that_cannot_be_parsed_is_refused(browser, charset, method):
    """Django parses it before any middleware, with requests of every method."""
    path = "/account/login/?next=%2Fpeople%2F"
    for content_type in (f"text/plain; x*={charset}''%41%c3%ab", f"{MULTIPART}; charset*={charset}''utf-8"):
        assert browser.generic(method, path, b"", content_type=content_type).status_code in (200, 400, 405)


def test_a_query_is_utf8_with_any_content_type(browser):
    page = browser.generic("GET", "/account/login/?next=%2Fpeople%2F%C3%AB", b"", content_type="text/x; charset=rot13")
    assert 'value="/people/ë"' in page.content.decode()


async def ask_asgi(content_type: str) -> int:
    headers = [(b"host", b"localhost"), (b"content-type", content_type.encode())]
    scope = {"type": "http", "method": "POST", "path": "/sign-up/", "query_string": b"", "headers": headers}
    browser = ApplicationCommunicator(ASGIHandler(), scope)
    await browser.send_input({"type": "http.request", "body": part("name=name")})
    status = (await browser.receive_output(5))["status"]
    while (await browser.receive_output(5)).get("more_body"):
        pass
    await browser.wait()
    return status


@pytest.mark.parametrize("content_type", [f"{MULTIPART}; charset=zlib", "text/plain; x*=x-none''a"])
def test_it_is_refused_by_asgi_too(db, content_type):
    assert async_to_sync(ask_asgi)(content_type) == 400


# Django parses a form when it looks for the token. These cannot be parsed, or are refused before they are.
UNREADABLE = {
    "multipart/form-data": b"a",
    "multipart/form-data; boundary=": b"a",
    MULTIPART: part("name=a; filename*=rot13''a"),
    FORM: b"a=1&" * 2000,
}


@pytest.mark.parametrize("content_type", UNREADABLE)
def test_an_unreadable_form_to_an_unknown_address_is_not_found(acme, content_type):
    """No view has read it before the error page does."""
    for host in (acme.domain, "localhost"):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME=host)
        browser.cookies[settings.CSRF_COOKIE_NAME] = "t" * 32
        assert post(browser, content_type, UNREADABLE[content_type], "/none/") == 404


@pytest.mark.parametrize("site", ["ROOT_URLCONF", "PUBLIC_SCHEMA_URLCONF", "OPERATORS_URLCONF"])
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_the_page_of_an_error_reads_no_form(acme, site, status):
    """One that failed to be parsed would fail again: 500 instead of 400, and a bare page instead of our own."""
    page: Any = get_resolver(getattr(settings, site)).resolve_error_handler(status)
    request: Any = RequestFactory().generic("POST", "/", b"a", content_type="multipart/form-data; boundary=")
    request.COOKIES[settings.CSRF_COOKIE_NAME] = "t" * 32
    answer = page(request) if status == 500 else page(request, exception=ValueError())
    assert answer.status_code == status
    assert (list(request.POST), list(request.FILES)) == ([], [])
