"""The template tags of every page."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.template import Context, engines
from django.test import RequestFactory
from django.urls import NoReverseMatch, set_urlconf
from django.utils import translation


def template(text: str) -> Any:
    return engines["django"].engine.from_string("{% load ui %}" + text)  # type: ignore[attr-defined]


def test_once_is_rendered_once_and_knows_nothing_of_the_page():
    page = template("{% once %}{% now 'u' %}{{ viewer }}{% endonce %} {{ viewer }}")
    first, second = (page.render(Context({"viewer": name})).split() for name in ("Rita", "Edda"))
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("Rita", "Edda")
    assert "Rita" not in first[0]


def test_once_keeps_one_copy_for_each_language():
    page = template("{% load i18n %}{% once %}{% translate 'Sign in' %}{% endonce %}")
    read = []
    for language in ("en-gb", "de", "ar", "en-gb"):
        with translation.override(language):
            read.append(page.render(Context()))
    assert read == ["Sign in", "Anmelden", "تسجيل الدخول", "Sign in"]


def test_link_has_the_address_of_its_own_site():
    page, there = template("{% nav_link 'landing' 'Start' %}"), {"request": RequestFactory().get("/")}
    for urlconf, found in [("config.public_urls", True), ("config.tenant_urls", False), ("config.public_urls", True)]:
        with urls_of(urlconf), nullcontext() if found else pytest.raises(NoReverseMatch):
            assert 'href="/" aria-current="page"' in page.render(Context(there))


@contextmanager
def urls_of(urlconf: str) -> Iterator[None]:
    set_urlconf(urlconf)
    try:
        yield
    finally:
        set_urlconf(None)
