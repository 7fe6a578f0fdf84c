"""What each component of the gallery looks like, compared with gallery.txt: a change of CSS shows what it changes.

Boxes and colours are compared, and no pictures: a picture of letters differs between machines by how they smooth them.
The font is the product's own, so that boxes are the same everywhere, but for a pixel or two (TOLERANCE). After a change
that is meant: `RENEW_GALLERY=1 pytest tests/browser/test_gallery.py`, and read the difference in gallery.txt.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route

from profiles.testing import needs
from tests.browser.conftest import Person

pytestmark = needs("shared.gallery")

FILE = Path(__file__).parent / "gallery.txt"
LOOKS = [("light", "ltr"), ("dark", "ltr"), ("light", "rtl")]
TOLERANCE = 2  # Pixels, and steps of 255 of a colour.
# Native controls are the browser's own, and not the same in each version of it.
NATIVE = "input[type=file], input[type=checkbox], input[type=radio], option"

# Each element of each sample, from the outside in: its box from the corner of the sample, and its paint. Colours
# are drawn and read again: Chromium's versions write the same one in different ways.
MEASURE = """native => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const hex = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return alpha ? [red, green, blue].join(',') : '-';
  };
  return [...document.querySelectorAll('[data-sample]')].flatMap(sample => {
    const shown = sample.querySelector('.sample__shown'), corner = shown.getBoundingClientRect();
    const isMeasured = each => !each.matches(native) && !each.closest('svg *') && each.checkVisibility();
    const all = [...shown.querySelectorAll('*')].filter(isMeasured);
    return all.map((each, at) => {
      const box = each.getBoundingClientRect(), style = getComputedStyle(each);
      const places = [box.x - corner.x, box.y - corner.y, box.width, box.height].map(Math.round).join(' ');
      const paint = [style.color, style.backgroundColor, style.borderTopColor].map(hex).join(' ');
      return `${sample.dataset.sample} ${at} ${each.localName} | ${places} | ${paint} | ${style.fontWeight}`;
    });
  });
}"""


# Chromium looks again at :dir() when it draws the next frame.
TURN = """direction => new Promise(drawn => {
  document.documentElement.dir = direction;
  requestAnimationFrame(() => requestAnimationFrame(drawn));
})"""


def wait_for_font(route: Route) -> None:
    """The style sheet with fonts that the page waits for: on a busy machine an "optional" one may come too late."""
    css = route.fetch()
    route.fulfill(response=css, body=css.text().replace("font-display: optional", "font-display: block"))


def measured(new_person: Callable[..., Person]) -> list[str]:
    lines = []
    for scheme, direction in LOOKS:
        person = new_person(color_scheme=scheme, reduced_motion="reduce")
        person.page.route("**/*.css", wait_for_font)
        person.open("", "/dev/")
        person.page.evaluate("document.fonts.ready")
        # Not in Arabic: its font is the system's, and another one on each machine.
        person.page.evaluate(TURN, direction)
        lines += [f"{scheme} {direction} {line}" for line in person.page.evaluate(MEASURE, NATIVE)]
    return lines


def differs(one: str, other: str) -> bool:
    """Are they other elements, or is a number of one further from the other's than TOLERANCE?"""
    (name, *parts), (other_name, *other_parts) = one.split(" | "), other.split(" | ")
    numbers, others = ([*" ".join(each).replace(",", " ").split()] for each in (parts, other_parts))
    return name != other_name or len(numbers) != len(others) or any(map(far, numbers, others))


def far(one: str, other: str) -> bool:
    return one != other and ("-" in (one, other) or abs(int(one) - int(other)) > TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
def test_components_look_as_they_did(new_person: Callable[..., Person]) -> None:
    now = measured(new_person)
    if os.environ.get("RENEW_GALLERY"):
        FILE.write_text("\n".join(now) + "\n")
    before = FILE.read_text().splitlines()
    known, found = ({line.partition(" | ")[0]: line for line in lines} for lines in (before, now))
    both = known.keys() & found.keys()
    changed = [f"- {known[key]}\n+ {found[key]}" for key in both if differs(known[key], found[key])]
    changed += [f"- {known[key]}" for key in known.keys() - both]
    changed += [f"+ {found[key]}" for key in found.keys() - both]
    assert len(now) > 200
    assert not changed, "\n".join(sorted(changed))


@pytest.mark.parametrize(
    ("one", "other", "is_other"),
    [
        ("a | 0 0 10 10 | 1,2,3 - | 500", "a | 1 0 12 10 | 1,4,3 - | 500", False),
        ("a | 0 0 10 10 | 1,2,3 - | 500", "a | 0 0 13 10 | 1,2,3 - | 500", True),
        ("a | 0 0 10 10 | 1,2,3 - | 500", "a | 0 0 10 10 | 1,9,3 - | 500", True),
        ("a | 0 0 10 10 | 1,2,3 - | 500", "a | 0 0 10 10 | 1,2,3 1,2,3 | 500", True),
        ("a | 0 0 10 10 | - | 500", "a | 0 0 10 10 | - | 600", True),
        ("a | 0 0 1 1 | -", "b | 0 0 1 1 | -", True),
    ],
)
def test_small_differences_are_none(one: str, other: str, is_other: bool) -> None:
    assert differs(one, other) is is_other
