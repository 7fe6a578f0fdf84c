"""Browsers of all people on both sites, and what they send: forms as pages show them, filled in by an attacker."""

import os
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from profiles.testing import PASSWORD, SiteClient, facts
from profiles.testing.matrix import PEOPLE, World, as_operators, base, forms, operator_browser, table
from tenants.models import Tenant
from tests.security.forms import Form, Page
from tests.security.hostile import EVALUATED, TAG

# How many examples a long run draws; 0 in the suite.
LONG = int(os.environ.get("HOSTILE", "0"))
# Those with the most rights first: what they may, others may not, and a form is filled in by the first who sees it.
ROLES = ["owner", "admin", "editor", "reader", "visitor"]
# What a form is sent with: a name may come twice, or not at all.
Values = Iterable[tuple[str, bytes]]
BOUNDARY = b"7777tenantry7777"
CLEAN = {200, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 429}
# What a form needs before the rest of it is looked at, by the kind of field.
PLAUSIBLE = {
    "email": "new@new.example",
    "password": PASSWORD,
    "date": "2000-01-01",
    "text": "stranger",
    "textarea": "Text.",
}


@dataclass(frozen=True)
class Found:
    """A form on a page, as a person sees it."""

    site: str
    address: str
    path: str
    who: str
    form: Form

    def __str__(self) -> str:
        return f"{self.who}: {self.form.method.upper()} {self.form.action} {'/'.join(self.form.names)} (on {self.path})"


class Attack:
    """Requests whose effects are rolled back."""

    def __init__(self, acme: Tenant, operators: Tenant | None = None) -> None:
        """`operators` becomes the operators' organisation, whose console is attacked too."""
        self.world = World(acme)
        self.public = Client(SERVER_NAME="localhost")
        self.console = operator_browser("owner", self.world, as_operators(operators)) if operators else None
        self.browsers: dict[str, Client] = {"visitor": SiteClient(acme)}
        for role in ROLES[:-1]:
            self.browsers[role] = SiteClient(acme).sign_in(self.world.people[role])

    def browser(self, site: str, who: str) -> Client:
        if site == "operators" and self.console:
            return self.console
        return self.public if site == "public" else self.browsers[who]

    def people(self, site: str) -> list[str]:
        """Who looks for forms. In the suite these are enough: what an admin or an editor sees, the owner does too."""
        organisation = ROLES if LONG else ["owner", "reader", "visitor"]
        return {"public": ["visitor"], "operators": ["owner"]}.get(site, organisation)

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """(site, address, path) of everything that the access matrix names, which is every address there is. The
        console's come last.
        """
        every = dict.fromkeys((site, address) for site, address, _, _ in table())
        for site, address in sorted(every, key=lambda row: row[0] == "operators"):
            yield site, address, self.world.path(site, address)

    def views(self) -> Iterator[tuple[str, str, str]]:
        """The same, each view once: what differs between `change_role(reader)` and (admin) is who may."""
        seen: dict[tuple[str, str], tuple[str, str, str]] = {}
        for site, address, path in self.addresses():
            seen.setdefault((site, base(address)), (site, address, path))
        yield from seen.values()

    def reached_by(self, site: str, path: str) -> list[str]:
        """The owner, and a visitor where they are not sent to sign in first."""
        if site != "organisation":
            return self.people(site)
        answer = self.send(site, "visitor", "GET", path)
        return ["owner"] if answer.get("Location", "").startswith("/account/login/") else ["owner", "visitor"]

    def send(self, site: str, who: str, method: str, path: str, then: Sequence[str] = (), **request: Any) -> Any:
        """One request, undone afterwards; it fails the test if it raises, or is answered by less than an answer.

        If it did something, the pages of `then` are looked at before it is undone: `response.pages`, by path.
        """
        browser = self.browser(site, who)
        cookies = deepcopy(browser.cookies)
        try:
            with transaction.atomic():
                response: Any = browser.generic(method, path, **request)
                looked_at = then if response.status_code == 302 else ()
                response.pages = {each: browser.get(each) for each in looked_at}
                transaction.set_rollback(True)
        finally:
            browser.cookies = cookies
        for each in (response, *response.pages.values()):
            check(each)
        return response

    def forms(self) -> list[Found]:
        """Every form of both sites, once, as the one with the most rights sees it."""
        found: dict[tuple, Found] = {}
        shown = {(site, address): answers for site, address, method, answers in table() if method == "GET"}
        for site, address, path in self.addresses():
            answers = dict(zip(PEOPLE, shown.get((site, address), []), strict=False))
            for who in (who for who in self.people(site) if answers.get(who) == "200"):
                for form in self.page(site, who, path).forms:
                    # All that a page may be asked by its address is one form, whichever link asks it.
                    where = place(form, path) if place(form, path) != path else base(address)
                    asked = form.names if form.method == "post" else ()
                    here = found.setdefault((site, where, asked), Found(site, address, path, who, form))
                    here.form.add(form.fields)
        return [each for each in found.values() if each.form.names]

    def page(self, site: str, who: str, path: str) -> Page:
        response = self.send(site, who, "GET", path)
        return Page(text(response), path) if is_html(response) else Page("", path)

    def plausible(self, found: Found) -> dict[str, bytes]:
        """Harmless values: those in the form, or else valid ones for such a field."""
        known = forms().get(base(found.address), {})
        values = {}
        for field in found.form.fields:
            if field.kind in ("file", "checkbox"):
                continue
            choice = next((option for option in field.options if option), "")
            value = known.get(field.name) or field.value or choice or PLAUSIBLE.get(field.kind, "")
            values[field.name] = str(value).encode()
        return values

    def submit(self, found: Found, values: Values, *, everywhere: bool = False) -> Any:
        """Send a form. After a success its own page is looked at, or every page that shows texts as well."""
        then = [found.path] if found.form.method == "post" else []
        if everywhere and found.site == "organisation":
            then += showing()
        request = request_of(found.form, values, found.path)
        return self.send(found.site, found.who, found.form.method.upper(), then=then, **request)


def showing() -> list[str]:
    """Where what members have typed is shown, to an owner at least."""
    return list(dict.fromkeys(path for pages in facts.pages() for path in getattr(pages, "SHOWING", [])))


_read: list[Found] = []


def read_forms(acme: Tenant) -> list[Found]:
    """For tests that send none of them: what the first of these tests found in this process."""
    if not _read:
        _read.extend(Attack(acme).forms())
    return _read


def place(form: Form, page: str) -> str:
    return urlsplit(form.action).path or urlsplit(page).path


def request_of(form: Form, values: Values, page: str) -> dict[str, Any]:
    """Path, body and content type by which a browser would send these values."""
    path = place(form, page)
    if form.method == "get":
        return {"path": f"{path}?{urlencoded(values).decode()}"}
    if form.multipart:
        return {
            "path": path,
            "data": multipart(form, values),
            "content_type": f"multipart/form-data; boundary={BOUNDARY.decode()}",
        }
    return {"path": path, "data": urlencoded(values), "content_type": "application/x-www-form-urlencoded"}


def urlencoded(values: Values) -> bytes:
    return "&".join(f"{quote(name)}={quote_from_bytes(value)}" for name, value in values).encode()


def multipart(form: Form, values: Values) -> bytes:
    files = {field.name for field in form.fields if field.kind == "file"}
    parts = [part(name, value, is_file=name in files) for name, value in values]
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def part(name: str, value: bytes, *, is_file: bool) -> bytes:
    filename = b'; filename="../../a.png"\r\nContent-Type: image/png' if is_file else b""
    return b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
        BOUNDARY,
        name.encode(),
        filename,
        value,
    )


def check(response: Any) -> None:
    """Is it a clean answer, in which nothing that was typed has become part of the page?"""
    # No worker runs here, and one address says so.
    asked = getattr(response, "request", {}).get("PATH_INFO")
    is_unready = response.status_code == 503 and asked in ("/health/ready/", "/health/all/")
    assert response.status_code in CLEAN or is_unready, f"answered {response.status_code}"
    if is_html(response):
        body = text(response)
        assert EVALUATED not in body, "a template within the text was evaluated"
        assert f"<{TAG}" not in body, "a tag within the text has become one of the page"


def is_html(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html")


def text(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()
