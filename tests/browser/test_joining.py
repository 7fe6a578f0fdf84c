"""A list of invitations at a desk, and a join link on a phone: each through to the mail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from profiles.testing import needs
from tests.browser.conftest import PHONE, Person
from tests.browser.test_story import accept, link_in, newest_mail

FILE = "email;role;name\nlea@list.example;editor;Lea List\nodd;;Otto\n"


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.bulk_invitations", "profiles.joining", "shared.mailbox")
def test_a_list_at_a_desk_and_a_link_on_a_phone(new_person: Callable[..., Person]) -> None:
    owner, ben, mail = new_person(), new_person(viewport=PHONE), new_person()
    owner.sign_in("globex", "owner@globex.example")

    # A file with one line to correct; the results come by themselves.
    owner.open("globex", "/members/invitations/many/")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    owner.page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]  # a FilePayload
    owner.press("Check the list")
    owner.sees("1 line needs a correction")
    owner.fill(**{"email-1": "otto@list.example"})
    owner.press("Check again")
    owner.press("Send 2 invitations")
    expect(owner.page.locator("tbody .badge--success")).to_have_count(2, timeout=20_000)
    owner.sees("otto@list.example")
    assert "Nothing has been sent yet" not in owner.text()

    # Ben opens the link on his phone, and is sent to his mailbox.
    owner.open("globex", "/settings/joining/link/")
    owner.fill(most_uses="1")
    owner.press("Make a link")
    owner.page.get_by_text("Show the QR code").click()
    expect(owner.page.get_by_alt_text("QR code of the address above")).to_be_visible()
    ben.page.goto(owner.page.get_by_label("Address").input_value())
    ben.fill(name="Ben Babbage", email="ben@phone.example")
    ben.press("Send me the email")
    ben.sees("We sent you an email.")
    accept(ben, link_in(newest_mail(mail, "ben@phone.example"), "/invitations/"))
    ben.sees("Welcome to Globex")
