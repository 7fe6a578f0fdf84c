"""The pictures in README.md and the social one, taken of the demo: `python -m tests.browser.pictures`.

`python -m tests.browser.pictures social` takes only the one that other sites show beside a link to the public site.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import django
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()  # conftest.py asks which apps are installed

from tests.browser.chromium import CHROMIUM, OPTIONS  # noqa: E402
from tests.browser.conftest import ROOT, Person, Product, running  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
SOCIAL = ROOT / "shared" / "static" / "shared" / "img"
SOCIAL_SIZE: ViewportSize = {"width": 1200, "height": 630}
SIZE: ViewportSize = {"width": 1280, "height": 800}
# A page has few colours, and a picture of more bytes is slow to load and grows the repository each time.
COLOURS = 128
MOST_BYTES = 150_000


def main() -> int:
    """Take them anew. Returns 1 where there is no Chromium."""
    if CHROMIUM is None:
        sys.stderr.write("No Chromium found. Install it, or set CHROMIUM to its path.\n")
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as data,
        contextmanager(running)(Path(data)) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        take_social(browser, product)
        if sys.argv[1:] != ["social"]:
            take(browser, product)
        browser.close()
    return 0


def take_social(browser: Browser, product: Product) -> None:
    with new_person(browser, product) as visitor:
        visitor.page.set_viewport_size(SOCIAL_SIZE)
        visitor.open("", "/")
        keep("social", visitor.page, SOCIAL)


def take(browser: Browser, product: Product) -> None:
    with new_person(browser, product) as visitor:
        visitor.open("", "/sign-up/")
        visitor.fill(organisation="Rocket Works", name="Ada Lovelace", email="ada@rockets.example")
        visitor.page.get_by_role("status").filter(has_text="Available").wait_for()
        keep("sign-up", visitor.page)
    with new_person(browser, product) as owner:
        owner.sign_in("acme", "owner@acme.example")
        for name, path in [("home", "/"), ("people", "/people/")]:
            owner.open("acme", path)
            keep(name, owner.page)
    with new_person(browser, product, scheme="dark") as reader:
        reader.sign_in("acme", "reader@acme.example")
        reader.open("acme", "/people/owner/")
        keep("person", reader.page)


@contextmanager
def new_person(browser: Browser, product: Product, *, scheme: Literal["light", "dark"] = "light") -> Iterator[Person]:
    """A person at a browser of their own."""
    context = browser.new_context(locale="en-GB", viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
    yield Person(context, product)
    context.close()


def keep(name: str, page: Page, folder: Path = FOLDER) -> None:
    """Write what is on the screen as a PNG with few colours. Raises ValueError where it has too many bytes."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    file = io.BytesIO()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    if file.tell() > MOST_BYTES:
        raise ValueError(f"{name}.png has {file.tell()} bytes, and may have {MOST_BYTES}.")
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.png").write_bytes(file.getvalue())
    sys.stdout.write(f"{name}.png {file.tell()} bytes\n")


if __name__ == "__main__":
    sys.exit(main())
