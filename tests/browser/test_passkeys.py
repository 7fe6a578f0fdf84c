"""A passkey in Chromium, whose virtual authenticator signs; then its owner requires a second factor of all members.

https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
"""

from collections.abc import Callable

import pytest

from profiles.testing import needs
from tests.browser.conftest import Person

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(person: Person) -> None:
    devtools = person.page.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def sign_out(person: Person) -> None:
    person.page.context.clear_cookies()
    person.open("globex", "/account/login/")


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.passkeys", "profiles.required_factor")
def test_owner_signs_in_with_a_passkey_and_requires_a_second_factor(new_person: Callable[..., Person]) -> None:
    owner, editor = new_person(), new_person()
    give_authenticator(owner)
    owner.sign_in("globex", "owner@globex.example")
    owner.sees("People")
    owner.open("globex", "/account/passkeys/add/")
    owner.fill(name="Laptop")
    owner.press("Add a passkey")
    owner.sees("Recovery codes")

    sign_out(owner)
    owner.press("Sign in with a passkey")
    owner.sees("People")
    owner.open("globex", "/account/passkeys/")
    owner.sees("Laptop")

    sign_out(owner)
    owner.sign_in("globex", "owner@globex.example")
    owner.sees("One more step")
    owner.press("Use a passkey")
    owner.sees("People")

    owner.open("globex", "/settings/two-factor/")
    owner.page.get_by_label("All members").check()
    owner.fill(grace_days="30")
    owner.press("Save")
    owner.sees("The settings were saved.")
    editor.sign_in("globex", "editor@globex.example")
    editor.sees("You have 30 days left to set it up")
    owner.page.get_by_label("No one").check()
    owner.press("Save")
    owner.sees("The settings were saved.")
    editor.open("globex")
    assert "requires two-factor" not in editor.text()

    owner.open("globex", "/account/passkeys/")
    owner.page.get_by_role("link", name="Remove Laptop").click()
    owner.press("Remove")
    owner.sees("You have no passkey yet")
