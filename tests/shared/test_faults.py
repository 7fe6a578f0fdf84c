"""A fault of ours: the page that says so comes also where what it is made of is at fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.template.autoreload import reset_loaders
from django.test import Client

from shared.static_files import uncollected
from tenants.context import public
from tenants.models import Tenant
from tenants.serving import hosts
from tests.security.test_headers import lacking

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
WORDS = "Something went wrong"


@pytest.fixture
def production(settings, tmp_path: Path) -> Iterator[Any]:
    """Static files are served from a folder that is empty, by a process that has rendered nothing yet."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
    reset_loaders()
    yield settings
    reset_loaders()


@pytest.mark.parametrize("debug", [True, False])
def test_page_and_log_say_what_to_do_after_an_app_was_added(acme, visitor, settings, caplog, debug):
    settings.DEBUG = debug
    with public():
        Tenant.objects.filter(pk=acme.pk).update(fingerprint="of another code")
    hosts.clear()
    page = visitor.get("/")
    assert page.status_code == 503
    assert ("manage.py migrate" in page.text, "manage.py migrate" in caplog.text) == (debug, debug)


@pytest.mark.parametrize("host", ["acme.localhost", "localhost"])
@pytest.mark.parametrize("path", ["/", "/nowhere/"])
def test_without_static_files_a_bare_page_says_that_it_is_our_fault(db, production, caplog, host, path):
    browser = Client(raise_request_exception=False, headers={"host": host})
    page = browser.get("/account/login/" if (host, path) == ("acme.localhost", "/") else path)
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert f"<h1>{WORDS}</h1>" in page.text
    assert "static" not in page.text
    assert lacking(page) == []
    assert "500.html cannot be rendered" in caplog.text
    assert "Missing staticfiles manifest entry for 'shared/img/mark.svg'" in caplog.text


def test_all_are_missing_until_they_are_collected(production):
    assert {"shared/css/base.css", "django_htmx/htmx-2.min.js"} <= set(uncollected())
    call_command("collectstatic", interactive=False, verbosity=0)
    assert uncollected() == []


def test_what_a_new_release_brings_is_missing_until_it_is_collected(production, tmp_path, settings):
    call_command("collectstatic", interactive=False, verbosity=0)
    later = tmp_path / "later"
    later.mkdir()
    (later / "new.css").write_text("a { color: red }")
    (later / ".DS_Store").write_text("")
    settings.STATICFILES_DIRS = [later]
    assert uncollected() == ["new.css"]


def test_in_development_none_has_to_be_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    assert uncollected() == []
