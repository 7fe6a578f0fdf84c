"""A bell in two tabs: it follows what happens within 30 seconds, and a tab that no one sees asks nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from profiles.testing import needs
from tests.browser.conftest import DESKTOP, Person

pytestmark = needs("profiles.notices")
HALF_A_MINUTE = 30_000
HIDE = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def viewport():
    return DESKTOP


def tab(person: Person) -> Page:
    """One more page of the same browser, with a clock that is paused until it is moved."""
    page = person.page.context.new_page()
    page.clock.install()
    page.goto(person.product.at("acme", "/people/"))
    return page


def shows(page: Page, words: str) -> None:
    expect(page.locator(".bell")).to_have_accessible_name(words)


def change_role(owner: Person, role: str) -> None:
    owner.open("acme", "/members/reader/role/")
    owner.page.locator("[name=role]").select_option(role)
    owner.page.locator("form:has([name=role]) button").first.click()
    owner.page.wait_for_url(re.compile("/people/"))


@pytest.mark.slow
def test_reader_hears_of_a_new_role_in_both_tabs(new_person: Callable[..., Person]) -> None:
    owner, rita = new_person(), new_person()
    owner.sign_in("acme", "owner@acme.example")
    rita.sign_in("acme", "reader@acme.example")
    rita.open("acme", "/notices/")
    rita.page.get_by_role("button", name="Mark all as read").click()
    seen, hidden = tab(rita), tab(rita)
    shows(seen, "Notifications")
    hidden.evaluate(HIDE, "hidden")
    asked: list[str] = []
    hidden.on("request", lambda request: asked.append(request.url))

    change_role(owner, "editor")
    seen.clock.run_for(HALF_A_MINUTE)
    shows(seen, "1 unread notification")
    hidden.clock.run_for(10 * HALF_A_MINUTE)
    assert asked == []
    hidden.evaluate(HIDE, "visible")
    hidden.clock.run_for(1)
    shows(hidden, "1 unread notification")
    assert ["/notices/unread/" in url for url in asked] == [True]

    seen.locator(".bell").focus()
    seen.keyboard.press("Enter")
    seen.get_by_role("link", name="changed your role to Editor").first.click()
    seen.wait_for_url(re.compile("/people/reader/"))
    hidden.clock.run_for(HALF_A_MINUTE)
    shows(hidden, "Notifications")
    change_role(owner, "reader")


@pytest.mark.slow
def test_without_javascript_it_is_a_link_to_the_list(new_person: Callable[..., Person]) -> None:
    ivo = new_person(java_script_enabled=False)
    ivo.sign_in("acme", "editor@acme.example")
    ivo.page.locator(".bell").click()
    ivo.page.get_by_role("button", name="Mark as read").first.click()
    ivo.page.get_by_role("button", name="Mark as unread").first.click()
    ivo.page.get_by_role("button", name="Mark all as read").click()
    shows(ivo.page, "Notifications")
    ivo.page.get_by_role("link", name="Choose what you are told").click()
    ivo.page.get_by_label("By email").first.select_option("never")
    ivo.page.get_by_role("button", name="Save").click()
    ivo.sees("Your notifications were saved.")
