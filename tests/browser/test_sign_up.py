"""Signing up over a slow line: an answer that comes late never touches what is being typed."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from profiles.testing import needs
from tests.browser.conftest import Person

# What a script does does not depend on the size of the screen.
pytestmark = [needs("tenants.registration"), pytest.mark.parametrize("viewport", ["desktop"], indirect=True)]


@pytest.fixture
def page(new_person: Callable[..., Person]) -> Page:
    """The form, where each answer about the address takes a quarter of a second longer."""
    visitor = new_person()

    def slowly(route: Route) -> None:
        time.sleep(0.25)
        route.continue_()

    visitor.open("", "/sign-up/")
    visitor.page.route("**/sign-up/slug/**", slowly)
    return visitor.page


@pytest.mark.slow
def test_late_proposal_leaves_what_is_typed(page: Page) -> None:
    page.locator("[name=organisation]").press_sequentially("Northern Lights", delay=10)
    page.keyboard.press("Tab")
    page.keyboard.type("nlights-group", delay=70)
    expect(page.get_by_role("status")).to_contain_text("Available nlights-group.")
    expect(page.locator("[name=slug]")).to_have_value("nlights-group")


@pytest.mark.slow
def test_proposal_fills_a_field_that_was_left_alone(page: Page) -> None:
    page.locator("[name=organisation]").fill("Northern Lights")
    expect(page.locator("[name=slug]")).to_have_value("northern-lights")
    expect(page.get_by_role("status")).to_contain_text("Available northern-lights.")


@pytest.mark.slow
def test_status_goes_with_its_value_and_a_suggestion_is_taken_by_a_click(page: Page) -> None:
    status, slug = page.get_by_role("status"), page.locator("[name=slug]")
    slug.fill("acme-two")
    expect(status).to_contain_text("Available acme-two.")
    slug.fill("acme")
    assert "Available acme-two" not in status.inner_text()
    expect(status).to_contain_text("taken")
    expect(slug).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="acme-hq").click()
    expect(slug).to_have_value("acme-hq")
    expect(status).to_contain_text("Available acme-hq.")
    expect(slug).not_to_have_attribute("aria-invalid", "true")


def test_rules_of_the_password_are_in_one_line_and_ticked_off(page: Page) -> None:
    rules, password = page.locator(".requirements > li"), page.locator("[name=password]")
    assert len({box["y"] for each in rules.all() if (box := each.bounding_box())}) == 1
    password.fill("12345678901")
    expect(page.locator(".requirements > .is-met")).to_have_text(["10 characters or more"])
    password.fill("quite another")
    expect(page.locator(".requirements > .is-met")).to_have_text(["10 characters or more", "not only digits"])
    password.fill("another")
    expect(page.locator(".requirements > .is-met")).to_have_text(["not only digits"])
