"""An organisation is exported from one running product and imported into another, where its owner signs in."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from profiles.testing import needs
from tests.browser.conftest import Person, Product, running
from tests.browser.test_story import PASSWORD, link_in, newest_mail

OWNER = "owner@globex.example"
MADE = 60_000


@contextmanager
def another() -> Iterator[Product]:
    """A second product, with a database of its own."""
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as data:
        yield from running(Path(data))


def exported(owner: Person, folder: Path) -> Path:
    owner.open("globex", "/settings/export/")
    owner.press("^Export$")
    link = owner.page.get_by_role("link", name="Download")
    link.wait_for(timeout=MADE)  # The page asks by itself.
    with owner.page.expect_download() as download:
        link.click()
    download.value.save_as(folder / "globex.zip")
    return folder / "globex.zip"


@pytest.mark.slow  # It starts a second product.
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.exports", "shared.mailbox")
def test_owner_signs_in_where_the_organisation_has_moved_to(
    product: Product, new_person: Callable[..., Person], tmp_path: Path
) -> None:
    owner = new_person()
    owner.sign_in("globex", OWNER)
    owner.open("globex", "/people/")
    people = owner.page.locator("main").inner_text()
    assert people
    file = exported(owner, tmp_path)
    with another() as target:
        assert "can be imported" in target.manage("import_organisation", str(file), "--as", "moved", "--dry-run")
        target.manage("import_organisation", str(file), "--as", "moved")
        assert target.manage("compare_organisations", "moved", str(file))
        there, mail = new_person(), new_person()
        there.product = mail.product = target
        # Passwords do not move: the owner sets a new one.
        there.open("moved", "/account/password/reset/")
        there.fill(email=OWNER)
        there.page.locator("form:has([name=email]) button").last.click()
        there.page.goto(link_in(newest_mail(mail, OWNER), "/account/password/reset/"))
        for field in there.page.locator("[type=password]").all():
            field.fill(PASSWORD)
        there.page.locator("form:has([type=password]) button").last.click()
        there.sign_in("moved", OWNER, PASSWORD)
        there.open("moved", "/people/")
        assert re.findall(r"\w+", there.page.locator("main").inner_text()) == re.findall(r"\w+", people)
        there.open("globex")
        there.sees("Globex Gardens")  # the organisation of that name which was there before, and is another one
