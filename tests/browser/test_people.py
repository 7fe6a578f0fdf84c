"""The list of people in a browser: roles and menus in the rows, sorting and searching, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from profiles.testing import needs
from tests.browser.conftest import Person

pytestmark = pytest.mark.parametrize("viewport", ["desktop"], indirect=True)


def role_of(person: Person, name: str) -> Locator:
    return person.page.get_by_label(f"Role of {name}")


@pytest.fixture
def owner(new_person: Callable[..., Person]) -> Person:
    owner = new_person()
    owner.sign_in("acme", "owner@acme.example")
    owner.open("acme", "/people/?sort=-role")
    return owner


@pytest.mark.slow
def test_role_is_changed_in_the_row_and_given_back(owner: Person) -> None:
    role = role_of(owner, "Noor Aziz")
    role.dispatch_event("pointerdown")  # by the mouse
    role.select_option("editor")
    owner.sees("Noor Aziz now has the role Editor.")
    expect(role).to_have_value("editor")
    owner.press("Undo")
    owner.sees("Noor Aziz now has the role Reader.")
    expect(role).to_have_value("reader")
    assert owner.path == "/people/?sort=-role"

    # A search keeps the order that was clicked.
    owner.page.get_by_role("link", name="Joined").click()
    expect(owner.page.locator("th[aria-sort=descending]")).to_contain_text("Joined")
    owner.page.get_by_label("Search by name").press_sequentially("valen")
    expect(owner.page.locator("#results tbody tr")).to_have_count(1)
    owner.sees("Tomás Rivera")
    expect(owner.page).to_have_url(re.compile("q=valen&.*sort=-joined"))


CUT = """() => [...document.querySelectorAll(".member__name > a")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""


@pytest.mark.slow
def test_names_of_a_usual_length_are_not_cut(owner: Person) -> None:
    owner.sees("No second factor")
    for width in (1280, 1024, 768, 390, 320):
        owner.page.set_viewport_size({"width": width, "height": 900})
        assert owner.page.evaluate(CUT) == [], width


@pytest.mark.slow
def test_row_is_used_by_the_keyboard(owner: Person) -> None:
    menu = owner.page.locator("summary", has_text="More actions for Noor Aziz")
    remove = owner.page.locator(".menu[open]").get_by_role("link", name="Remove")
    menu.press("Enter")
    expect(remove).to_be_visible()
    owner.page.keyboard.press("Escape")
    expect(remove).to_have_count(0)
    expect(menu).to_be_focused()
    menu.click()
    owner.page.get_by_role("heading", level=1).click()
    expect(remove).to_have_count(0)

    # An arrow key chooses, and sends nothing.
    role = role_of(owner, "Noor Aziz")
    save = role.locator("xpath=following-sibling::button")
    expect(save).to_be_hidden()
    role.press("ArrowUp")
    expect(role).to_have_value("editor")
    expect(save).to_be_visible()
    assert "now has the role" not in owner.text()


@pytest.mark.slow
def test_role_is_changed_without_scripts(new_person: Callable[..., Person]) -> None:
    owner = new_person(java_script_enabled=False)
    owner.sign_in("acme", "owner@acme.example")
    owner.open("acme", "/people/")
    role = role_of(owner, "Ivo Brandt")
    role.select_option("reader")
    role.locator("xpath=following-sibling::button").click()
    owner.sees("Ivo Brandt now has the role Reader.")
    owner.press("Undo")
    owner.sees("Ivo Brandt now has the role Editor.")


PAPER: ViewportSize = {"width": 718, "height": 1000}  # A4 within its margins, in CSS pixels


@pytest.mark.slow
def test_on_paper_there_is_what_is_read_without_what_is_clicked(owner: Person) -> None:
    owner.page.emulate_media(media="print", color_scheme="dark")
    owner.page.set_viewport_size(PAPER)
    expect(owner.page.get_by_role("link", name="Tomás Rivera")).to_be_visible()
    expect(role_of(owner, "Noor Aziz")).to_be_visible()
    expect(owner.page.locator("thead")).to_have_css("display", "table-header-group")
    for part in (".nav", ".search", ".tabs", "main .button", "main [type=checkbox]", ".menu", ".site-footer"):
        for each in owner.page.locator(part).all():
            expect(each).to_be_hidden()
    owner.open("acme", "/people/editor/")
    expect(owner.page.get_by_role("heading", name="Ivo Brandt")).to_be_visible()
    expect(owner.page.get_by_text("Leipzig").first).to_be_visible()
    for each in owner.page.locator("main :is(button, .button)").all():
        expect(each).to_be_hidden()
    expect(owner.page.locator("body")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    assert owner.page.pdf(format="A4").startswith(b"%PDF")
    assert owner.page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


@needs("profiles.bulk_actions")
@pytest.mark.slow
def test_several_are_ticked_and_given_a_role_which_is_undone(owner: Person) -> None:
    bar = owner.page.locator(".bulk-bar")
    expect(bar).to_be_hidden()
    owner.page.get_by_label("Select Noor Aziz").check()
    expect(bar).to_be_visible()
    bar.get_by_label("All on this page").check()
    expect(bar.get_by_role("status")).to_contain_text("4")
    bar.get_by_label("What to do").select_option("role")
    owner.press("Continue")
    owner.sees("3 people:")
    owner.sees("You cannot do this to yourself.")
    owner.page.get_by_label("Role").select_option("reader")
    owner.press("Change role")
    owner.sees("Done for 2 people.")
    owner.sees("Already has this role.")
    owner.press("Undo")
    owner.sees("Done for 2 people.")
    owner.page.get_by_role("link", name="Back to the list").click()
    expect(role_of(owner, "Ivo Brandt")).to_have_value("editor")
