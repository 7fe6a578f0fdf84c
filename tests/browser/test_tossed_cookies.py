"""A sister subdomain tosses cookies at an organisation, over TLS as in production: to no avail.

https://www.usenix.org/conference/usenixsecurity23/presentation/squarcina
"""

import re
import tempfile
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

from tests.browser.chromium import CHROMIUM, OPTIONS
from tests.tls import BASE, Site, made_in, serving

pytestmark = pytest.mark.slow

SESSION, CSRF = "__Host-session", "__Host-csrf"
# What a page of the sister's may write: for all subdomains, for one path of them, for acme alone, or under a name that
# a browser or a server might take for the real one.
TOSSED = [
    "{name}={value}; Domain=tenantry.test; Path=/; Secure",
    "{name}={value}; Domain=tenantry.test; Path=/people/; Secure",
    "{name}={value}; Domain=.tenantry.test; Path=/account/login/; Secure; SameSite=None",
    "{name}={value}; Domain=acme.tenantry.test; Path=/; Secure",
    "{name}={value}; Domain=tenantry.test; Path=/",
    " {name}={value}; Domain=tenantry.test; Path=/; Secure",
    "={name}={value}; Domain=tenantry.test; Path=/; Secure",
    "\t{name}={value}; Domain=tenantry.test; Path=/; Secure",
    "{lower}={value}; Domain=tenantry.test; Path=/; Secure",
    '"{name}"={value}; Domain=tenantry.test; Path=/; Secure',
    "a=b,{name}={value}; Domain=tenantry.test; Path=/; Secure",
]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as folder:
        made = made_in(Path(folder))
        with serving(made):
            yield made


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One that finds the base domain and all below on this machine."""
    rules = f"--host-resolver-rules=MAP {BASE} 127.0.0.1, MAP *.{BASE} 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*OPTIONS, rules])
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A person's browser."""
    made = chromium.new_context(ignore_https_errors=True)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """A tab of it. What the sister's host answers is the attacker's."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.route(f"https://evil.{BASE}:{site.port}/**", lambda route: answer(route, "<title>Sister</title>"))
    return page


def answer(route: Route, html: str) -> None:
    route.fulfill(body=html, content_type="text/html")


def toss(page: Page, site: Site, **cookies: str) -> None:
    """Open the sister's page, whose script writes these cookies in every way that there is."""
    page.goto(site.at("evil"))
    names = {name.replace("host", "__Host-"): value for name, value in cookies.items()}
    lines = [each.format(name=name, lower=name.lower(), value=names[name]) for name in names for each in TOSSED]
    write(page, lines)


def write(page: Page, lines: list[str]) -> None:
    """As a script does. Only after reading them once is it certain that all have been written."""
    page.evaluate("lines => { lines.forEach(line => { document.cookie = line }); return document.cookie }", lines)


def sent(page: Page, site: Site, path: str = "/account/login/") -> list[str]:
    """The cookies with which the browser asks acme for a page."""
    with page.expect_request(lambda request: request.url == site.at("acme", path)) as request:
        page.goto(site.at("acme", path))
    return re.split("; ?", request.value.all_headers().get("cookie", ""))


def sign_in(page: Page, site: Site, login: str = "reader") -> None:
    page.goto(site.at("acme", "/account/login/"))
    page.fill("[name=login]", login)
    page.fill("[name=password]", "demo-password")
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url(site.at("acme"))


@pytest.fixture(scope="module")
def cookies(chromium: Browser, site: Site) -> dict[str, list]:
    """Those of people who are signed in at acme, each at a browser of their own."""
    found = {}
    for login in ("reader", "owner"):
        context = chromium.new_context(ignore_https_errors=True)
        sign_in(context.new_page(), site, login)
        found[login] = context.cookies()
        context.close()
    return found


def session(cookies: list) -> str:
    return next(cookie["value"] for cookie in cookies if cookie["name"] == SESSION)


def signed_in(page: Page, site: Site) -> str:
    """The path behind My profile, which says who is signed in at acme, or the path of the sign-in page."""
    page.goto(site.at("acme", "/profile/"))
    return page.url.removeprefix(site.at("acme", "")).partition("?")[0]


def test_tossing_is_real(page: Page, site: Site) -> None:
    """Under a name without the prefix, what the sister writes does arrive at acme, and before acme's own."""
    toss(page, site, session="tossed")
    assert "session=tossed" in sent(page, site)


def test_no_tossed_cookie_arrives_under_our_names(page: Page, site: Site) -> None:
    toss(page, site, hostsession="tossed", hostcsrf="tossed")
    for path in ("/account/login/", "/account/password/reset/"):
        names = {cookie.partition("=")[0] for cookie in sent(page, site, path) if "tossed" in cookie}
        assert not names & {SESSION, CSRF}


def test_the_signed_in_member_stays_themselves(page: Page, site: Site, cookies: dict[str, list]) -> None:
    """Also where what is tossed is a session that the attacker has at acme."""
    page.context.add_cookies(cookies["reader"])
    known = session(cookies["owner"])
    toss(page, site, hostsession=known, session=known, sessionid=known)
    assert signed_in(page, site) == "/people/reader/"


def test_no_one_is_signed_in_as_the_attacker(page: Page, site: Site, cookies: dict[str, list]) -> None:
    """Or else a visitor would work in the attacker's account, and leave there what they type."""
    known = session(cookies["owner"])
    toss(page, site, hostsession=known, session=known, sessionid=known)
    assert signed_in(page, site) == "/account/login/"


def test_a_session_that_was_known_before_is_not_the_one_after_signing_in(page: Page, site: Site) -> None:
    toss(page, site, hostsession="a" * 32, session="a" * 32)
    sign_in(page, site)
    assert session(page.context.cookies(site.at("acme"))) != "a" * 32
    assert signed_in(page, site) == "/people/reader/"


FORM = """<body><form method="post" action="{action}"><input name="csrfmiddlewaretoken" value="{token}">
<input name="login" value="editor"><input name="password" value="demo-password"><input name="role" value="owner">
</form><script>document.forms[0].submit()</script>"""


@pytest.mark.parametrize("path", ["/account/login/", "/members/reader/role/", "/account/logout/"])
def test_a_form_of_the_sister_is_refused_whatever_token_it_tossed(
    page: Page, site: Site, cookies: dict[str, list], path: str
) -> None:
    """The two are one site to the browser: SameSite does not help, and the form brings acme's cookies along."""
    page.context.add_cookies(cookies["owner"])
    token = "b" * 32
    toss(page, site, hostcsrf=token, csrf=token, csrftoken=token)
    form = FORM.format(action=site.at("acme", path), token=token)
    page.route(site.at("evil", "/form/"), lambda route: answer(route, form))
    with page.expect_response(site.at("acme", path)) as response:
        page.goto(site.at("evil", "/form/"), wait_until="commit")
    # Who is signed in already is led home from the sign-in page, as from a second tab (profiles/sign_in/csrf.py).
    is_sign_in = path == "/account/login/"
    page.wait_for_url(site.at("acme", "/" if is_sign_in else path))
    assert response.value.status == (302 if is_sign_in else 403)
    assert f"{SESSION}=" in response.value.request.all_headers()["cookie"]
    assert signed_in(page, site) == "/people/owner/"


def test_with_the_jar_full_a_member_is_signed_out_at_worst(page: Page, site: Site, cookies: dict[str, list]) -> None:
    """Browsers keep so many cookies of a site and its subdomains together, and drop the oldest."""
    page.context.add_cookies(cookies["reader"])
    page.goto(site.at("evil"))
    write(page, [f"flood{number}=x; Domain={BASE}; Path=/; Secure" for number in range(400)])
    assert len(page.context.cookies(site.at("evil"))) > 100
    toss(page, site, hostsession=session(cookies["owner"]), hostcsrf="b" * 32)
    assert signed_in(page, site) in ("/people/reader/", "/account/login/")
    sign_in(page, site)
    assert signed_in(page, site) == "/people/reader/"


def test_no_organisation_sees_the_cookies_of_its_sister(page: Page, site: Site, cookies: dict[str, list]) -> None:
    """But for `organisations`, which has slugs alone (profiles/finding/remembering.py)."""
    page.context.add_cookies(cookies["reader"])
    assert signed_in(page, site) == "/people/reader/"
    with page.expect_request(site.at("globex", "/people/")) as request:
        page.goto(site.at("globex", "/people/"), wait_until="commit")
    sent = SimpleCookie(request.value.all_headers().get("cookie", ""))
    assert {name: morsel.value for name, morsel in sent.items()} in ({}, {"organisations": "acme"})
    assert "/account/login/" in page.url
