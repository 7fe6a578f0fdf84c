"""The header with the keyboard alone. The pages below it: test_pages.py."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import DESKTOP, Person
from tests.browser.keyboard import is_same, steps

HEADER = ["Skip to content", "Acme Rockets", "Home", "People"]
SIGN_IN = ["Skip to content", "Acme Rockets", "Sign in", "Email or username"]


@pytest.fixture
def viewport() -> ViewportSize:
    return DESKTOP


@pytest.mark.slow
def test_the_header_comes_first(new_person: Callable[..., Person]) -> None:
    visitor, owner = new_person(), new_person()
    visitor.open("acme", "/account/login/")
    visitor.page.evaluate("document.activeElement.blur()")
    assert [each["name"] for each in steps(visitor)][: len(SIGN_IN)] == SIGN_IN
    owner.sign_in("acme", "owner@acme.example")
    owner.page.wait_for_url(owner.product.at("acme", "/"))
    owner.open("acme", "/")
    names = [each["name"] for each in steps(owner)]
    assert names[: len(HEADER)] == HEADER
    rest = names[len(HEADER) :]  # capabilities add links and the bell between
    assert "Settings" in rest
    assert next(name for name in rest if name.endswith("Marta Holm"))


@pytest.mark.parametrize(
    ("names", "in_full", "lacking"),
    [
        (["Email", "Password", "Sign in"], True, True),
        (["Email", "Password", "Sign in to Acme"], True, True),
        (["Email", "Sign in"], False, True),
        ([], False, True),
        (["Password", "Email", "Sign in"], False, False),
        (["Email", "Password", "Help", "Sign in"], False, False),
        (["Email", "Password", "Sign in", "Sign in"], False, False),
    ],
)
def test_what_is_another_order(names: list[str], in_full: bool, lacking: bool) -> None:
    wanted = ["Email", "Password", "Sign in"]
    assert is_same(wanted, names, lacking=False) is in_full
    assert is_same(wanted, names, lacking=True) is lacking


def test_an_app_of_the_product_may_add_to_a_page():
    assert is_same(["Save", "Delete"], ["Save", "Notes", "Delete"], lacking=False, added=True)
    assert not is_same(["Save", "Delete"], ["Delete", "Notes", "Save"], lacking=False, added=True)
    assert not is_same(["Save", "Delete"], ["Save", "Notes"], lacking=False, added=True)
    assert is_same(["Save", "Delete"], ["Notes", "Delete"], lacking=True, added=True)
