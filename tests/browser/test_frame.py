"""The frame of every page: nothing of the navigation is cut off, whatever the organisation is called."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person

WIDTHS = (320, 390, 600, 767, 768, 800, 900, 1024, 1280)
LONGEST = "The Association of Extraordinarily Long Names of Organisations, Societies and Clubs in All the World"

CUT_OFF = """() => {
  const width = document.documentElement.clientWidth;
  const isOut = box => box.left < -0.5 || box.right > width + 0.5;
  const links = [...document.querySelectorAll('.nav__link, .menu > summary, .menu__list')];
  const out = links.filter(each => isOut(each.getBoundingClientRect())).map(each => each.innerText);
  return document.documentElement.scrollWidth > width ? [...out, 'the page scrolls sideways'] : out;
}"""

# As in a product with apps of its own.
MORE_LINKS = """() => {
  const nav = document.querySelector('.nav');
  nav.append(...[...nav.children].map(each => each.cloneNode(true)));
}"""


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@pytest.mark.parametrize("locale", ["de", "ar"])
def test_navigation_is_never_cut_off(new_person: Callable[..., Person], locale: str) -> None:
    owner = new_person(locale=locale)
    owner.sign_in("acme", "owner@acme.example")
    owner.page.evaluate("name => document.querySelector('.brand__name').textContent = name", LONGEST)
    owner.page.locator(".menu > summary").click()
    found = {}
    for links in ("usual", "more"):
        for width in WIDTHS:
            owner.page.set_viewport_size({"width": width, "height": 800})
            if out := owner.page.evaluate(CUT_OFF):
                found[links, width] = out
        owner.page.evaluate(MORE_LINKS)
    assert found == {}
