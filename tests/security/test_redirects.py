"""No request is redirected to another site."""

import re
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tenants.models import Tenant
from tests.daily import part_each_day
from tests.security.attack import Attack

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "//evil.example\\@acme.localhost",
    "https://acme.localhost@evil.example/",
    "http://globex.localhost:8000/",
    "http://localhost:8000/",
    "//globex.localhost:8000/",
    "%2f%2fevil.example",
    "\x00//evil.example",
    "//[evil.example",
]
OWN = "http://acme.localhost:8000/account/login/"
NAMES = ("next", "redirect_to", "url", "return_to", "continue", "goto", "from")


def leads_away(response: Any) -> bool:
    """Where a browser goes from a page of acme's, by https://url.spec.whatwg.org/#concept-basic-url-parser."""
    seen = re.sub(r"[\x00-\x20]", "", response.get("Location", "")).replace("\\", "/")
    return urlsplit(urljoin(OWN, seen)).netloc != urlsplit(OWN).netloc or bool(
        re.match("//|(javascript|data|https?):", seen)
    )


@pytest.mark.parametrize("part", part_each_day(range(5)))
@pytest.mark.parametrize("target", ["//evil.example/", pytest.param("https://evil.example/", marks=pytest.mark.slow)])
def test_no_address_redirects_to_another_site(acme: Tenant, target: str, part: int) -> None:
    attack = Attack(acme)
    query = "&".join(f"{name}={quote(target, safe='')}" for name in NAMES)
    form: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
    data = f"login=reader&password=correct horse battery&code=1&{query}".encode()
    for site, _, where in islice(attack.views(), part, None, 5):
        for who in ("owner", "visitor"):
            for method in ("GET", "POST"):
                response = attack.send(
                    site, who, method, f"{where}?{query}", **(form | {"data": data} if method == "POST" else {})
                )
                assert not leads_away(response), f"{who}: {method} {where} -> {response['Location']}"


@pytest.mark.parametrize("target", part_each_day(ELSEWHERE))
def test_nor_does_signing_in_or_out(visitor, as_user, owner, target: str) -> None:
    query, data = (
        f"?next={quote(target, safe='')}",
        {"login": "owner", "password": "correct horse battery", "next": target},
    )
    assert not leads_away(visitor.post(f"/account/login/{query}", data))
    assert not leads_away(as_user(owner).get(f"/account/login/{query}"))
    assert not leads_away(as_user(owner).post(f"/account/logout/{query}", data))


@pytest.mark.parametrize("target", part_each_day(ELSEWHERE))
def test_nor_does_proving_the_password_once_more(as_user, owner, target: str) -> None:
    response = as_user(owner).post(
        f"/account/reauthenticate/?next={quote(target, safe='')}", {"password": "correct horse battery"}
    )
    assert not leads_away(response)


def test_no_origin_is_trusted_beside_ones_own() -> None:
    assert django_settings.CSRF_TRUSTED_ORIGINS == []
    assert django_settings.SESSION_COOKIE_DOMAIN is django_settings.CSRF_COOKIE_DOMAIN is None


def test_public_pages_lead_nowhere_else(db) -> None:
    for target in ELSEWHERE:
        assert not leads_away(Client(SERVER_NAME="localhost").get("/", {"next": target}))
