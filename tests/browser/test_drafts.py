"""A session that ends while a form is filled in: what was typed is there again after signing in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Person

PATH = "/people/reader/edit/"
TYPED = "An hour of work."


@pytest.fixture
def viewport():
    return DESKTOP


@pytest.fixture
def refused(new_person: Callable[..., Person]) -> Person:
    """The reader, whose form met the page that asks to sign in."""
    rita = new_person()
    rita.sign_in("acme", "reader@acme.example")
    rita.open("acme", PATH)
    rita.fill(bio=TYPED)
    rita.page.context.clear_cookies(name="session")
    rita.page.locator("form:has([name=bio]) button").last.click()
    rita.sees("You were signed out, and nothing was saved.")
    return rita


def sign_in_here(person: Person, login: str) -> None:
    person.fill(login=login, password="demo-password")
    person.page.locator("form:has([name=password]) button").first.click()


def kept(person: Person) -> str | None:
    person.page.wait_for_load_state()  # Scripts run once the page is there.
    return person.page.evaluate("sessionStorage.getItem('draft')")


def test_typed_text_is_there_again_and_then_forgotten(refused: Person) -> None:
    sign_in_here(refused, "reader@acme.example")
    refused.sees("We kept what you typed")
    expect(refused.page.locator("[name=bio]")).to_have_value(TYPED)
    refused.page.locator("form:has([name=bio]) button").last.click()
    refused.sees(TYPED)
    expect(refused.page).not_to_have_url(refused.product.at("acme", PATH))
    assert kept(refused) is None


@pytest.mark.slow
def test_it_is_not_there_for_another_member(refused: Person) -> None:
    assert TYPED in str(kept(refused))
    sign_in_here(refused, "editor@acme.example")
    refused.sees("403")
    assert kept(refused) is None


def test_no_password_is_kept(new_person: Callable[..., Person]) -> None:
    rita = new_person()
    rita.sign_in("acme", "reader@acme.example")
    rita.open("acme", "/account/password/change/")
    rita.fill(oldpassword="a secret", password1="another secret", password2="another secret")
    rita.page.context.clear_cookies(name="session")
    rita.page.locator("form:has([name=oldpassword]) button").last.click()
    rita.sees("You were signed out, and nothing was saved.")
    assert kept(rita) is None
