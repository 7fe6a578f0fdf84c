"""Longer words on the smallest screen: nothing is wider than it, and all that is read has been translated."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import Person

# Of the demo's organisations: names of fields that their people have typed.
TYPED = {"Department", "Staff number"}
SMALLEST: ViewportSize = {"width": 320, "height": 640}
PAGES = [
    *("/", "/people/", "/people/owner/", "/people/owner/edit/", "/members/", "/members/invitations/", "/settings/"),
    *("/account/email/", "/account/password/change/"),
]
WIDER = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".visually-hidden, select"))
    .map(each => each.outerHTML.slice(0, 120)).slice(0, 3)"""
# Labels, buttons and headings that have no brackets, but for names that people have chosen.
PLAIN = """() => [...document.querySelectorAll("h1:not(.row *), h2, label, button, th, dt")]
    .map(each => each.innerText.trim()).filter(text => text && !text.includes("["))"""


@pytest.fixture
def viewport() -> ViewportSize:
    return SMALLEST


@pytest.mark.slow
def test_longer_words_fit_on_the_smallest_screen(new_person: Callable[..., Person]) -> None:
    owner = new_person(locale="en-XA")
    owner.sign_in("acme", "owner@acme.example")
    found = {}
    for path in PAGES:
        owner.open("acme", path)
        owner.sees("[")
        width = owner.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            found[path] = [width, owner.page.evaluate(WIDER)]
        if plain := [words for words in owner.page.evaluate(PLAIN) if words.partition(" ·")[0] not in TYPED]:
            found[f"{path} in English"] = plain
    assert found == {}
