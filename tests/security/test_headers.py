"""What every answer says to the browser, errors and files included."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from PIL import Image

from profiles.pictures.keeping import set_photo
from profiles.pictures.logos import keep_logo, process_logo
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tenants.serving.turns import Turns


def lacking(response: Any) -> list[str]:
    """What a browser is not told by an answer, or is told wrongly. The access matrix asks it of every address."""
    policy = response.get("Content-Security-Policy", "")
    wanted = {
        "a policy": "default-src 'self'" in policy or "default-src 'none'" in policy,
        "a policy without inline code": "unsafe" not in policy,
        "frames": response.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy,
        "no objects": "object-src 'none'" in policy or "default-src 'none'" in policy,
        "nosniff": response.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": response.get("Referrer-Policy") in ("same-origin", "no-referrer", "strict-origin"),
        "an opener policy": response.get("Cross-Origin-Opener-Policy") == "same-origin",
        "a content type": bool(response.get("Content-Type")) or response.status_code in (304,),
    }
    return [what for what, is_there in wanted.items() if not is_there]


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (80, 80), "red").save(file, "PNG")
    return file.getvalue()


@login_not_required
def fail(request: object) -> HttpResponse:
    raise ValueError("A fault of ours.")


@login_not_required
def lose(request: object) -> HttpResponse:
    raise OperationalError("A fault of PostgreSQL's.")


urlpatterns = [path("fault/", fail), path("outage/", lose)]


@contextmanager
def crowded() -> Iterator[None]:
    """No other request gets a turn."""
    turns = Turns(places=1, most=1, longest=0)
    with pytest.MonkeyPatch.context() as patch, turns.taken("globex"):
        patch.setattr("tenants.serving.working.turns", lambda: turns)
        yield


@pytest.fixture
def answers(acme, globex, as_user, owner, reader, settings, tmp_path) -> Iterator[dict]:
    """Everything that is no ordinary page, by what it is."""
    settings.MEDIA_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, True
    with within(acme):
        set_photo(profile=reader.profile, upload=picture())
        photo = reader.profile.photo_url(64)
        keep_logo(process_logo(picture()))
    with public():
        logo = Tenant.objects.get(pk=acme.pk).logo.name
        Domain.objects.create(domain="old.localhost", tenant=acme, is_primary=False)
        Tenant.objects.filter(pk=globex.pk).update(state=Tenant.State.SUSPENDED)
    member, visitor, public_site = as_user(owner), SiteClient(acme), Client(SERVER_NAME="localhost")
    strict = SiteClient(acme, enforce_csrf_checks=True)
    found = {
        "photo": member.get(photo),
        "logo": visitor.get(f"/{logo}"),
        "initials": member.get("/people/owner/initials.svg"),
        "style sheet": visitor.get("/static/shared/css/tokens.css"),
        "script": visitor.get("/static/shared/js/app.js"),
        "picture": visitor.get("/static/shared/img/mark.svg"),
        "no such static file": visitor.get("/static/nothing.css"),
        "not found": visitor.get("/nothing/"),
        "nobody": member.get("/people/nobody/"),
        "bad host": visitor.get("/", headers={"host": "a b"}),
        "unknown host": visitor.get("/", headers={"host": "nobody.localhost"}),
        "old host": visitor.get("/", headers={"host": "old.localhost"}),
        "suspended": visitor.get("/", headers={"host": "globex.localhost"}),
        "csrf": strict.post("/account/login/", {}),
        "forbidden": as_user(reader).get("/members/"),
        "method": member.post("/people/"),
        "gone": visitor.get("/invitations/nothing/"),
        "too large": visitor.post("/account/login/", {"login": "x" * 2_000_000}),
        "far too large": visitor.generic("POST", "/account/login/", headers={"content-length": str(10**9)}),
        "slash": visitor.get("/people"),
        "public": public_site.get("/"),
        "health": public_site.get("/health/"),
        "not found in public": public_site.get("/nothing/"),
        "method in public": public_site.post("/"),
        "csrf in public": Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post("/", {}),
        "part of a photo": member.get(photo, headers={"range": "bytes=0-9"}),
        "kept style sheet": visitor.get(
            "/static/shared/css/tokens.css", headers={"if-modified-since": "Fri, 31 Dec 9999 23:59:59 GMT"}
        ),
        **{method: visitor.generic(method, "/account/login/") for method in ("HEAD", "OPTIONS")},
    }
    for _ in range(7):
        found["too often"] = visitor.post("/account/password/reset/", {"email": "a@b.example"})
    with crowded():
        found["busy"], found["busy in public"] = visitor.get("/"), public_site.get("/")
    settings.SECURE_SSL_REDIRECT = True
    found["to https"] = SiteClient(acme).get("/people/")
    found["bad host by http"] = SiteClient(acme).get("/", headers={"host": "a b"})
    found["bad host by http in public"] = Client().get("/", headers={"host": "localhost:x"})
    settings.SECURE_SSL_REDIRECT = False
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    careless = SiteClient(acme, raise_request_exception=False)
    found["fault"], found["outage"] = careless.get("/fault/"), careless.get("/outage/")
    settings.ROOT_URLCONF = "config.tenant_urls"
    with public():
        Tenant.objects.filter(pk=acme.pk).update(fingerprint="")
    from tenants.serving import hosts

    hosts.clear()
    found["unavailable"] = visitor.get("/")
    yield found
    for response in found.values():
        response.getvalue()


STATUSES = {
    "photo": 200,
    "logo": 200,
    "initials": 200,
    "style sheet": 200,
    "script": 200,
    "picture": 200,
    "no such static file": 404,
    "not found": 404,
    "nobody": 404,
    "bad host": 400,
    "unknown host": 404,
    "old host": 307,
    "suspended": 403,
    "csrf": 403,
    "forbidden": 403,
    "method": 405,
    "gone": 410,
    "too large": 413,
    "far too large": 413,
    "slash": 301,
    "public": 200,
    "health": 200,
    "not found in public": 404,
    "method in public": 405,
    "csrf in public": 403,
    "part of a photo": 200,
    "kept style sheet": 304,
    "HEAD": 200,
    "OPTIONS": 200,
    "too often": 429,
    "busy": 503,
    "busy in public": 503,
    "to https": 301,
    "bad host by http": 400,
    "bad host by http in public": 400,
    "fault": 500,
    "outage": 503,
    "unavailable": 503,
}
TYPES = {
    "photo": "image/webp",
    "logo": "image/webp",
    "initials": "image/svg+xml",
    "style sheet": "text/css",
    "script": "text/javascript",
    "picture": "image/svg+xml",
    "too often": "text/html",
    "far too large": "text/html",
    "fault": "text/html",
}


@pytest.mark.slow
def test_on_every_error_and_file(answers: dict) -> None:
    wrong = {what: (lacking(answer), answer.status_code) for what, answer in answers.items() if lacking(answer)}
    assert wrong == {}


def test_each_is_what_it_should_be(answers: dict) -> None:
    """Or else the test above would look at something else."""
    seen = {what: answer.status_code for what, answer in answers.items()}
    assert seen == STATUSES
    for what, content_type in TYPES.items():
        assert answers[what]["Content-Type"].split(";")[0] == content_type, what


def test_pages_of_members_are_kept_by_no_shared_cache(as_user, owner) -> None:
    for where in ("/", "/people/", "/people/owner/initials.svg", "/settings/"):
        response = as_user(owner).get(where)
        control = response.get("Cache-Control", "")
        assert "private" in control or "no-store" in control or "Cookie" in response.get("Vary", ""), where
        assert "public" not in control


# --- Which hosts a browser asks by https alone, for a year ----------------------------------------------------------

YEAR = "max-age=31536000"
OURS = f"{YEAR}; includeSubDomains; preload"


@pytest.mark.parametrize(
    ("host", "policy"),
    [
        ("localhost", OURS),
        ("acme.localhost", OURS),
        ("ACME.localhost:8000", OURS),
        ("nobody.localhost", OURS),
        ("acme.example", YEAR),
        ("people.acme.example:443", YEAR),
        ("evillocalhost", YEAR),
        ("a b", YEAR),
    ],
)
def test_a_customers_own_domain_binds_none_of_its_other_hosts(acme, settings, host, policy) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    with public():
        Domain.objects.create(domain="acme.example", tenant=acme, is_primary=False)
    for where in ("/account/login/", "/static/nothing.css"):
        response = Client().get(where, headers={"host": host}, secure=True)
        assert response["Strict-Transport-Security"] == policy
