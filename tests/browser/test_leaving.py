"""An owner deletes the organisation, another owner keeps it, and the first deletes it again."""

from collections.abc import Callable

import pytest

from profiles.testing import needs
from tests.browser.conftest import Person, Product
from tests.browser.test_story import link_in, newest_mail

OWNER = "owner@globex.example"


def delete(owner: Person, slug: str) -> None:
    owner.open(slug, "/settings/delete/")
    owner.fill(slug=slug)
    owner.press("Delete organisation")
    owner.sees("The deletion of this organisation is scheduled.")


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.leaving", "shared.mailbox")
def test_deleted_kept_and_deleted_again(product: Product, new_person: Callable[..., Person]) -> None:
    owner, reader, mail = new_person(), new_person(), new_person()
    owner.sign_in("globex", OWNER)
    reader.sign_in("globex", "reader@globex.example")
    owner.open("globex", "/settings/delete/")
    owner.fill(slug="acme")
    owner.press("Delete organisation")
    owner.sees("Nothing was deleted.")

    delete(owner, "globex")
    reader.open("globex")
    reader.sees("The deletion of this organisation is scheduled.")
    mail.page.goto(link_in(newest_mail(mail, OWNER), "/leaving/"))
    first = mail.page.url
    mail.press("Keep organisation")
    reader.open("globex", "/people/")
    reader.sees("People")
    mail.page.goto(first)
    mail.sees("This link no longer works")

    delete(owner, "globex")
    reader.open("globex")
    reader.sees("The deletion of this organisation is scheduled.")
    product.manage("resume_organisation", "globex")  # for the stories after this one
