"""A page with the keyboard alone: what Tab comes to; and whether anything moves while it loads.

The orders are in the apps' testing/keyboard.txt. After a change that is meant: `RENEW_KEYBOARD=1
ALL_LOOKS=1 pytest tests/browser/test_pages.py`, and read the difference.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from config import product
from profiles.testing import facts
from tests.browser.conftest import Person

HEAD = "# What Tab comes to in the main part of each page, in this order (docs/testing.md).\n"
# What tests/browser/chromium.py's WATCH notes at most. Time is bounded loosely, as other tests run beside this one:
# `make bench` measures it.
MOST_MOVED, LATEST = 0.01, 2500
FOCUSED = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  // An input with words behind it, or a card, is framed as a whole.
  const framed = [each, each.parentElement, each.closest(".person, li")].filter(part => part);
  const styles = framed.map(part => getComputedStyle(part));
  const copy = (each.labels?.[0] || each).cloneNode(true);
  copy.querySelectorAll("[aria-hidden=true]").forEach(part => part.remove());
  return {
    isMain: Boolean(each.closest("main")), isEnd: each === document.body,
    // Lists of sections are the same on each page of theirs; how many rows there are is up to the data.
    isCounted: !each.closest(".side-nav, .messages, tbody, .people"),
    name: (each.getAttribute("aria-label") || copy.textContent).replace(/\\s+/g, " ").trim().slice(0, 40).trim(),
    // Within a date, Chromium marks the day, the month and the year itself.
    isSeen: /^date/.test(each.type) || box.width > 0 && styles.some(style => style.outlineStyle !== "none"),
  };
}"""
MOST_STEPS = 100
LACKING = bool(product.TAKEN_OUT or os.environ.get("TAKEN_OUT"))


def steps(person: Person) -> Iterator[dict]:
    """What Tab comes to from here on, until it leaves the page. Each shows that it has the focus."""
    for _step in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        focused = person.page.evaluate(FOCUSED)
        if focused["isEnd"]:
            return
        assert focused["isSeen"], f"{person.path}: {focused['name']!r} does not show that it has the focus."
        yield focused
    raise AssertionError(f"{person.path}: Tab does not come to the end of the page.")


def walked(person: Person) -> list[str]:
    """The names of what Tab comes to in the main part. Numbers are left out, and what is the same twice."""
    person.page.evaluate("document.querySelector('main').focus()")
    names: list[str] = []
    for each in steps(person):
        if not each["isMain"]:
            break
        name = re.sub(r"\d+", "0", each["name"]).replace("|", "/")
        if each["isCounted"] and names[-1:] != [name]:
            names.append(name)
    return names


def moved(person: Person) -> Iterator[str]:
    """What is wrong with how the page that is open has come, in words."""
    by, painted = person.page.evaluate("[window.moved, window.painted]")
    if by > MOST_MOVED:
        yield f"{person.path}: what was shown has moved, by {by}"
    if painted > LATEST:
        yield f"{person.path}: its largest part came after {painted} ms"


def disorder(person: Person, viewer: str, path: str) -> Iterator[str]:
    """How Tab goes through the page that is open, in words, if it is another way than is written down."""
    names = walked(person)
    if os.environ.get("RENEW_KEYBOARD"):
        renew(viewer, path, names)
    elif not is_same(orders(viewer).get(path, []), names, lacking=LACKING, added=bool(product.ADDED)):
        yield f"{path}: Tab comes to {names}, and not to {orders(viewer).get(path)}"


def is_same(wanted: list[str], names: list[str], *, lacking: bool, added: bool = False) -> bool:
    """With one session there is "Sign out", and with more of them "Sign out all others".

    What capabilities that are taken out add to a page is lacking. An app of the product's own may add to a page of
    another one, such as its part of the API. The rest comes in the same order.
    """
    if added and not lacking:
        come = iter(names)
        return all(any(name.startswith(each) for name in come) for each in wanted)
    known = [name for name in names if not added or any(map(name.startswith, wanted))]
    rest = iter(wanted)
    return (lacking or len(wanted) == len(known)) and all(any(map(name.startswith, rest)) for name in known)


@cache
def orders(viewer: str) -> dict[str, list[str]]:
    return {path: names for module in facts.pages() for path, names in written(module).get(viewer, {}).items()}


def written(module: ModuleType) -> dict[str, dict[str, list[str]]]:
    """The orders of an app's pages, by viewer and path."""
    found: dict[str, dict[str, list[str]]] = {}
    file = place(module)
    for line in file.read_text().splitlines()[1:] if file.exists() else []:
        page, _colon, names = line.partition(" :")
        viewer, path = page.split(" ")
        found.setdefault(viewer, {})[path] = names.strip().split(" | ") if names else []
    return found


def renew(viewer: str, path: str, names: list[str]) -> None:
    module = next(each for each in facts.pages() if path in getattr(each, "BROWSED", {}).get(viewer, []))
    found = written(module)
    found.setdefault(viewer, {})[path] = names
    lines = [
        f"{who} {where} : {' | '.join(found[who][where])}".rstrip() + "\n"
        for who, paths in module.BROWSED.items()
        for where in paths
        if where in found.get(who, {})
    ]
    place(module).write_text(HEAD + "".join(lines))


def place(module: ModuleType) -> Path:
    return Path(str(module.__file__)).with_name("keyboard.txt")
