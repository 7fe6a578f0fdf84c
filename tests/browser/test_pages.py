"""Every page, phone and desktop, light and dark, from left to right and in Arabic.

There is nothing for axe-core to find, and nothing wider than the screen. Tab goes through each page of a desktop in the
order of keyboard.txt, and nothing moves while a page loads. In the suite the looks take turns over the pages, and the
pages over twenty days; `make test-slow` has each page in both looks.
"""

import os
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import ViewportSize

from profiles.testing import facts, needs
from tests.browser import keyboard
from tests.browser.chromium import WATCH
from tests.browser.conftest import DESKTOP, PHONE, Person
from tests.daily import TODAY, is_todays


def pages(viewer: str) -> list[str]:
    """The paths that the installed apps want a viewer to look at (testing/pages.py)."""
    return [path for pages in facts.pages() for path in getattr(pages, "BROWSED", {}).get(viewer, [])]


# Two looks are enough: colours do not depend on the size, nor the layout on the scheme, nor both on the direction.
LOOKS: list[tuple[ViewportSize, Literal["light", "dark"], str]] = [(DESKTOP, "light", "en-GB"), (PHONE, "dark", "ar")]
ALL = bool(os.environ.get("ALL_LOOKS"))


@pytest.fixture
def viewport() -> ViewportSize:
    """The first of LOOKS: no test here runs once for each size."""
    return DESKTOP


def todays(paths: list[str]) -> list[tuple[int, str]]:
    """A twentieth of the pages, each with the number of its look. The others follow; `make test-slow` looks at all."""
    chosen = [path for turn, path in enumerate(paths) if ALL or is_todays(turn, of=len(paths), days=20)]
    return [(TODAY // 20 + number, path) for number, path in enumerate(chosen)]


def watched(person: Person) -> Person:
    """From here on, each page notes what moves, and when it is painted."""
    person.page.add_init_script(WATCH)
    return person


def turn(person: Person, scheme: Literal["light", "dark"]) -> None:
    """Change to the light or the dark colours, and wait for them: they fade over."""
    person.page.emulate_media(color_scheme=scheme)
    while person.page.evaluate("document.getAnimations().some(each => each.playState === 'running')"):
        person.page.wait_for_timeout(20)


def look(person: Person, slug: str, path: str, turn_of: int = 0, viewer: str = "") -> list[str]:
    """Open a page; what is wrong with it, in words. Of a `viewer` the orders of Tab are known."""
    found: list[str] = []
    for size, scheme, language in LOOKS if ALL else [LOOKS[turn_of % len(LOOKS)]]:
        person.page.set_viewport_size(size)
        # Chromium sends the language of the context, whatever other headers a page sets: a cookie comes first.
        person.page.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language.lower(), "url": person.product.at(slug)}]
        )
        person.page.emulate_media(color_scheme=scheme)  # Before it opens: afterwards, colours fade over.
        person.open(slug, path)
        # Members read their own choice first, which those of the demo have not made.
        spoken = person.page.evaluate("document.documentElement.lang")
        if spoken != language.lower():
            found.append(f"{slug or 'public'}{path}: in {spoken}, and not in {language}")
        found += keyboard.moved(person)
        if viewer and size == DESKTOP:
            found += keyboard.disorder(person, viewer, path)
        found += [
            f"{slug or 'public'}{path} ({scheme}, {language}, {size['width']}): {fault}" for fault in seen(person)
        ]
    return found


def seen(person: Person) -> list[str]:
    """What is wrong with the page that is open, in words."""
    violations = Axe().run(person.page).response["violations"]
    found = [f"{each['id']} {[node['target'] for node in each['nodes']][:3]}" for each in violations]
    width = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        found.append(f"{width} pixels wider than the screen")
    if person.page.locator("h1").count() != 1:
        found.append(f"{person.page.locator('h1').count()} first headings")
    return found


def test_public_site(new_person: Callable[..., Person]) -> None:
    visitor = watched(new_person())
    found = [each for turn, path in todays(pages("public")) for each in look(visitor, "", path, turn, "public")]
    assert found == []
    assert look(visitor, "nobody-has-this", "/") == []


def test_organisation_for_visitors(new_person: Callable[..., Person]) -> None:
    visitor = watched(new_person())
    found = [each for turn, path in todays(pages("visitor")) for each in look(visitor, "acme", path, turn, "visitor")]
    assert found == []


def test_organisation_for_its_owner(new_person: Callable[..., Person]) -> None:
    owner = watched(new_person())
    owner.sign_in("acme", "owner@acme.example")
    owner.page.wait_for_url(owner.product.at("acme", "/"))
    found = [each for turn, path in todays(pages("owner")) for each in look(owner, "acme", path, turn, "owner")]
    assert found == []


@needs("tenants.registration")
def test_forms_with_errors(new_person: Callable[..., Person]) -> None:
    """Each form is sent with what it cannot take; the page with the errors is looked at too."""
    visitor = new_person()
    visitor.open("", "/sign-up/")
    visitor.page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    visitor.fill(slug="-", email="nobody")
    visitor.page.locator("main form button").last.click()
    assert visitor.page.locator("[aria-invalid=true]").count() >= 3
    assert visitor.page.locator("[name=slug]").input_value() == "-"
    assert not Axe().run(visitor.page).response["violations"]
    turn(visitor, "dark")
    assert not Axe().run(visitor.page).response["violations"]


def test_works_without_javascript(new_person: Callable[..., Person]) -> None:
    plain = new_person(java_script_enabled=False)
    plain.sign_in("acme", "reader@acme.example")
    plain.open("acme", "/people/?q=edi")
    plain.open("acme", "/people/reader/edit/")
    plain.fill(bio="Reads without scripts.")
    plain.page.locator("form:has([name=bio]) button").last.click()
    plain.sees("Reads without scripts.")
