"""Pages with the keyboard alone: the order in which Tab goes through them, and that nothing moves while they load."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import DESKTOP, Person

HEADER = ["Skip to content", "Acme Rockets", "Home", "People", "Settings"]
# What Tab comes to, in this order; between these there may be more.
STORIES = {
    "/": [*HEADER, "Everyone"],
    "/people/owner/edit/": [
        *HEADER,
        *("Photo", "First name", "Last name", "About you", "Location", "Pronouns", "Time zone", "Birth date", "Phone"),
        *("Save", "Cancel"),
    ],
    "/settings/": [*HEADER, "Name of the organisation", "Address", "Save"],
}
SIGN_IN = ["Skip to content", "Acme Rockets", "Email or username", "Password", "Sign in"]
# Moves of what is shown already, of each page: https://web.dev/articles/cls
WATCH = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved = (window.moved || 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true })"""
FOCUSED = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  // An input with words behind it, or a card, is framed as a whole.
  const framed = [each, each.parentElement, each.closest(".person, li")].filter(part => part);
  const styles = framed.map(part => getComputedStyle(part));
  const copy = (each.labels?.[0] || each).cloneNode(true);
  copy.querySelectorAll("[aria-hidden=true]").forEach(part => part.remove());
  return {
    isEnd: each === document.body, name: each.getAttribute("aria-label") || copy.textContent.trim(),
    // Within a date, Chromium marks the day, the month and the year itself.
    isSeen: each.type === "date" || box.width > 0 && styles.some(style => style.outlineStyle !== "none"),
  };
}"""
MOST_STEPS = 60


@pytest.fixture
def viewport() -> ViewportSize:
    return DESKTOP


def walked(person: Person) -> list[str]:
    """The names of what Tab comes to, until it leaves the page. Each shows that it has the focus."""
    names: list[str] = []
    for _step in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        focused = person.page.evaluate(FOCUSED)
        if focused["isEnd"]:
            return names
        assert focused["isSeen"], f"{person.path}: {focused['name']!r} does not show that it has the focus."
        names.append(focused["name"])
    raise AssertionError(f"{person.path}: Tab does not come to the end of the page, but to {names}.")


def in_order(story: list[str], names: list[str]) -> bool:
    rest = iter(names)
    return all(any(name.startswith(wanted) for name in rest) for wanted in story)


def test_tab_goes_through_pages_in_the_order_of_reading_and_nothing_moves(somebody: Callable[..., Person]) -> None:
    owner = somebody()
    owner.page.add_init_script(WATCH)
    owner.open("acme", "/account/login/")
    owner.page.evaluate("document.activeElement.blur()")
    names = walked(owner)
    assert in_order(SIGN_IN, names), names
    owner.sign_in("acme", "owner@acme.example")
    owner.page.wait_for_url(owner.product.at("acme", "/"))
    for path, story in STORIES.items():
        owner.open("acme", path)
        names = walked(owner)
        assert in_order(story, names), f"{path}: {names}"
        assert owner.page.evaluate("window.moved || 0") < 0.01, path
