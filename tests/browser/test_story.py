"""The main job, as the README tells it: from sign-up to two people who cannot touch each other's profile."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, expect

from profiles.testing import needs
from tests.browser.conftest import PHONE, Person, Product

PASSWORD = "a long pass phrase 42"
# In the page, wherever that is scrolled to.
PLACE = "element => element.getBoundingClientRect().top + window.scrollY"


def photograph() -> bytes:
    """A JPEG as a phone takes it: lying on its side by EXIF orientation, with the place in its GPS block."""
    image = Image.new("RGB", (1600, 1200), "#87a96b")
    draw = ImageDraw.Draw(image)
    draw.ellipse((500, 300, 1100, 900), fill="#e8c39e")
    draw.rectangle((0, 1000, 1600, 1200), fill="#3b5b7a")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


def newest_mail(reader: Person, to: str) -> str:
    """The text of the newest message to an address, as the development mailbox shows it."""
    for _ in range(40):
        reader.open("", "/dev/mail/")
        row = (
            reader.page.get_by_role("link")
            .filter(has_text=re.compile("."))
            .and_(reader.page.locator(f"main :has-text('{to}') a, main a:has-text('{to}')"))
        )
        if row.count():
            row.first.click()
            reader.page.wait_for_url(re.compile("/dev/mail/.+"))
            return reader.text()
        reader.page.wait_for_timeout(250)
    raise AssertionError(f"No mail to {to} arrived.")


def link_in(text: str, part: str) -> str:
    found = re.search(rf"https?://\S*{part}\S*", text)
    assert found, f"No link with {part} in:\n{text}"
    return found[0]


def invite(owner: Person, slug: str, email: str) -> None:
    owner.open(slug, "/members/invitations/new/")
    owner.fill(email=email, message="Come and help me.")
    owner.page.locator("[name=role]").select_option("editor")
    owner.page.locator("form:has([name=message]) button").last.click()
    owner.sees(email)


def accept(guest: Person, link: str, *, name: str = "Ben Babbage", username: str = "ben") -> None:
    guest.page.goto(link)
    guest.fill(name=name, username=username)
    for field in guest.page.locator("[type=password]").all():
        field.fill(PASSWORD)
    guest.page.locator("form:has([type=password]) button").last.click()


@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("tenants.registration", "shared.mailbox")
def test_two_colleagues_and_the_organisation_next_door(new_person: Callable[..., Person], product: Product) -> None:
    """Ada sits at a desk, Ben has his phone."""
    slug = "rocket-works"
    ada, ben, mail, nosy = new_person(), new_person(viewport=PHONE), new_person(), new_person()

    # Ada signs her organisation up, and lands in it as its owner.
    ada.open()
    ada.page.get_by_role("link", name=re.compile("sign up|get started|create", re.IGNORECASE)).first.click()
    expect(ada.page).to_have_url(product.at("", "/sign-up/"))
    ada.page.wait_for_load_state()
    button = ada.page.locator("form button").last
    place = button.evaluate(PLACE)
    organisation = slug.replace("-", " ").title()
    ada.fill(organisation=organisation, name="Ada Lovelace", email="ada@works.example", password=PASSWORD)
    ada.page.locator("[name=slug]").fill(slug)
    expect(ada.page.get_by_role("status")).to_contain_text(f"Available {slug}.localhost")
    assert button.evaluate(PLACE) == place, "What is under a finger must not move when an answer arrives."
    button.click()
    expect(ada.page).to_have_url(product.at(slug, "/"))
    ada.sees("Ada")

    # The profile that the signal made is there; she fills it in, with a photo.
    ada.open(slug, "/profile/")
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text("Ada Lovelace")
    profile = ada.path
    ada.open(slug, f"{profile}edit/")
    ada.fill(bio="Writes programs for engines.", location="London")
    photo: FilePayload = {"name": "ada.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    ada.page.locator("[name=photo]").set_input_files(photo)
    ada.page.locator("form:has([name=bio]) button").last.click()
    expect(ada.page).to_have_url(product.at(slug, profile))
    ada.sees("Writes programs for engines.")
    picture = ada.page.locator("main img[src*='/photos/']").first.get_attribute("src")
    assert picture
    stored = Image.open(io.BytesIO(ada.fetch(picture)))
    assert (stored.format, stored.width) == ("WEBP", stored.height)
    assert not stored.getexif()

    # She invites Ben, who accepts by the link in the mail, and edits a profile of his own.
    invite(ada, slug, "ben@works.example")
    accept(ben, link_in(newest_mail(mail, "ben@works.example"), "/invitations/"))
    expect(ben.page).to_have_url(product.at(slug, "/"))
    ben.open(slug, "/people/ben/edit/")
    ben.fill(bio="Likes brass.")
    ben.page.locator("form:has([name=bio]) button").last.click()
    ben.sees("Likes brass.")

    # Neither can edit the other's, although one owns the organisation.
    assert ben.open(slug, f"{profile}edit/") == 403
    assert ada.open(slug, "/people/ben/edit/") == 403
    assert ada.open(slug, "/people/ben/") == 200

    nothing_crosses(ada, nosy, slug, picture)


def nothing_crosses(ada: Person, nosy: Person, slug: str, picture: str) -> None:
    """The owner of acme sees nothing of this organisation, and its owner nothing of acme."""
    nosy.sign_in("acme", "owner@acme.example")
    expect(nosy.page).to_have_url(nosy.product.at("acme", "/"))
    nosy.open("acme", "/people/?q=Lovelace")
    assert "Ada Lovelace" not in nosy.text()
    assert nosy.open("acme", "/people/ben/") == 404
    assert nosy.open("acme", picture) == 404
    nosy.open(slug, "/people/")
    assert nosy.path.startswith("/account/login/")
    ada.open("acme", "/people/")
    assert ada.path.startswith("/account/login/")
