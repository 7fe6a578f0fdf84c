"""The gallery: available only while DEBUG is on, with every mail, error page and component."""

import importlib
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from django.urls import clear_url_caches

from profiles.testing.installed import is_of_an_app_that_is_out
from shared.gallery.found import errors, mails
from tests.without import ROOT


def load_site_map() -> None:
    """Read the public site's map again, as a process does that starts with these settings."""
    importlib.reload(importlib.import_module("config.public_urls"))
    clear_url_caches()


@pytest.fixture
def browser(settings, db):
    settings.DEBUG = True
    load_site_map()
    yield Client(SERVER_NAME="localhost")
    settings.DEBUG = False
    load_site_map()


def test_in_production_there_is_none(public_client):
    assert public_client.get("/dev/").status_code == 404


def test_it_shows_components_and_links_everything(browser):
    page = browser.get("/dev/").text
    assert 'data-sample="danger-quiet"' in page
    assert all(f"/dev/gallery/mails/{name}" in page for name in mails())


def test_it_finds_all_of_them():
    paths = (path for app in ("shared", "tenants", "profiles") for path in (ROOT / app).rglob("*_subject.txt"))
    written = {path for path in paths if not any(map(is_of_an_app_that_is_out, path.parents))}
    assert len(written) == len(mails())
    assert {"404.html", "500.html", "shared/suspended.html"} <= set(errors())


def test_every_mail_and_every_error_page_can_be_looked_at(browser):
    for name in mails():
        text = browser.get(f"/dev/gallery/texts/{name}")
        html = browser.get(f"/dev/gallery/mails/{name}")
        assert (text.status_code, html.status_code) == (200, 200), name
        assert "sandbox" in html["Content-Security-Policy"]
        assert text.text.partition("\n")[0], name  # the subject
    for name in errors():
        page = browser.get(f"/dev/gallery/errors/{name}")
        assert page.status_code == 200, name
        assert "<h1>" in page.text


def test_every_mail_is_told_all_that_it_says(browser, monkeypatch):
    backend: Any = engines["django"]
    monkeypatch.setattr(backend.engine, "string_if_invalid", "UNKNOWN %s")
    for name in mails():
        for kind in ("texts", "mails"):
            assert "UNKNOWN" not in browser.get(f"/dev/gallery/{kind}/{name}").text, name


@pytest.mark.parametrize("path", ["mails/profiles/mail/nothing", "texts/../../settings", "errors/shared/base.html"])
def test_nothing_else_is_shown(browser, path):
    assert browser.get(f"/dev/gallery/{path}").status_code == 404
