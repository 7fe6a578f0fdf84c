"""Ways in, through to the end: the organisation's own provider, the domain of an address, a required second factor.

The pages that need a row of theirs are looked at here, as test_pages.py looks at the others.
"""

from collections.abc import Callable

import psycopg
import pytest

from config import brand
from config.bundled.server import Server
from profiles.testing import needs
from tests.browser.conftest import DESKTOP, PHONE, Person, Product
from tests.browser.test_pages import seen, turn
from tests.browser.test_passkeys import give_authenticator, sign_out
from tests.browser.test_story import accept, link_in, newest_mail
from tests.profiles.oidc.idp import Idp, address
from tests.profiles.oidc.provider import CLIENT, SECRET
from tests.profiles.two_factor.codes import code_of

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("viewport", ["desktop"], indirect=True)]
EDITOR = {"sub": "00u7", "email": "editor@globex.example", "email_verified": True, "name": "Edda Editor"}


def look(person: Person) -> None:
    """The page that is open: in both colours, and as wide as a desktop and a phone."""
    for size in (DESKTOP, PHONE):
        person.page.set_viewport_size(size)
        for scheme in ("dark", "light"):
            turn(person, scheme)
            assert seen(person) == [], f"{person.path} {scheme} {size['width']}"
    person.page.set_viewport_size(DESKTOP)


def execute(product: Product, statement: str) -> None:
    """As the owner of all schemas, in `public`: what no page does."""
    with psycopg.connect(**Server(product.data / "postgres").parameters(brand.SLUG)) as connection:
        connection.execute(f"SET ROLE {brand.SLUG}_owner")
        connection.execute(statement)


@needs("profiles.own_sign_in")
def test_owner_switches_single_sign_on_on_and_an_editor_signs_in_with_it(
    product: Product, new_person: Callable[..., Person]
) -> None:
    idp = Idp(address(product.provider), [product.at("globex", "/account/single-sign-on/callback/")])
    owner, editor = new_person(), new_person()
    owner.sign_in("globex", "owner@globex.example")
    owner.sees("People")
    owner.open("globex", "/settings/single-sign-on/edit/")
    look(owner)
    owner.fill(name="Okta", issuer=idp.address, client_id=CLIENT, secret=SECRET)
    owner.press("Save")
    owner.sees("Test it before you switch it on.")
    idp.says(person={"sub": "00u1", "email": "owner@globex.example", "email_verified": True})
    owner.page.get_by_role("link", name="Test sign-in").click()
    owner.sees("The test went well")
    look(owner)
    owner.page.get_by_label("On: members choose how they sign in").check()
    owner.press("Save")
    owner.sees("The settings were saved.")

    idp.says(person=EDITOR)
    editor.open("globex", "/account/login/?next=/people/")
    look(editor)
    editor.page.get_by_role("link", name="Sign in with Okta").click()
    editor.sees("Sign in once in another way, as editor@globex.example")
    editor.fill(login="editor", password="demo-password")
    editor.page.locator("form:has([name=password]) button").first.click()
    editor.sees("From now on you can sign in with Okta.")
    sign_out(editor)
    editor.page.get_by_role("link", name="Sign in with Okta").click()
    editor.page.wait_for_url(product.at("globex", "/"))

    owner.open("globex", "/settings/single-sign-on/remove/")
    look(owner)
    owner.press("Remove")
    owner.sees("No provider yet")


@needs("profiles.mail_domains", "shared.mailbox")
def test_a_person_joins_by_the_domain_of_their_address(product: Product, new_person: Callable[..., Person]) -> None:
    owner, nora, mail = new_person(), new_person(), new_person()
    owner.sign_in("globex", "owner@globex.example")
    owner.sees("People")
    owner.open("globex", "/settings/email-domains/add/")
    owner.fill(domain="people.example")
    owner.press("Add domain")
    owner.sees("Add this record at your DNS provider.")
    look(owner)
    # The record is found: of its check tests/profiles/mail_domains tells.
    execute(product, "UPDATE mail_domains_maildomain SET proved = now(), error = '' WHERE domain = 'people.example'")
    owner.page.reload()
    look(owner)
    page = owner.path
    owner.page.get_by_role("link", name="Change").click()
    owner.page.get_by_label("At once, after confirming the address by email").check()
    look(owner)
    owner.press("Save")
    owner.sees("At once")

    nora.open("globex", "/account/login/")
    nora.sees("Does your address end with")
    nora.page.get_by_role("link", name="Join Globex").click()
    look(nora)
    nora.fill(name="Nora New", email="nora@people.example")
    nora.press("Continue")
    nora.sees("We sent you an email.")
    link = link_in(newest_mail(mail, "nora@people.example"), "/invitations/")
    accept(nora, link, name="Nora New", username="nora")
    nora.sees("Welcome to Globex")

    owner.open("globex", f"{page}remove/")
    look(owner)
    owner.press("Remove")
    owner.sees("No email domain yet")


@needs("profiles.passkeys", "profiles.required_factor")
def test_member_whose_days_are_over_is_led_through_the_set_up(new_person: Callable[..., Person]) -> None:
    owner, editor = new_person(), new_person()
    give_authenticator(owner)
    owner.sign_in("globex", "owner@globex.example")
    owner.sees("People")
    owner.open("globex", "/account/passkeys/add/")
    look(owner)
    owner.fill(name="Laptop")
    owner.press("Add a passkey")
    owner.sees("Recovery codes")
    editor.sign_in("globex", "editor@globex.example")
    editor.sees("People")
    owner.open("globex", "/settings/two-factor/")
    owner.page.get_by_label("All members").check()
    owner.fill(grace_days="0")
    owner.press("Save")
    owner.sees("The settings were saved.")

    for path in ("/people/", "/", "/account/preferences/"):
        editor.open("globex", path)
        assert editor.path == "/account/2fa/", path
    editor.sees("Set it up now: until then, no other page opens.")
    look(editor)
    editor.page.get_by_role("link", name="Set up").first.click()
    look(editor)
    editor.fill(code=code_of(editor.page.locator("dl code").inner_text()))
    editor.press("Turn on")
    editor.sees("Recovery codes")
    look(editor)
    editor.open("globex", "/people/")
    assert editor.path == "/people/"

    owner.page.get_by_label("No one").check()
    owner.press("Save")
    owner.sees("The settings were saved.")
    editor.open("globex", "/account/2fa/totp/deactivate/")
    look(editor)
    editor.press("Turn off")
    editor.sees("Off")
    owner.open("globex", "/account/passkeys/")
    look(owner)
    owner.page.get_by_role("link", name="Rename Laptop").click()
    look(owner)
    owner.open("globex", "/account/passkeys/")
    owner.page.get_by_role("link", name="Remove Laptop").click()
    look(owner)
    owner.press("Remove")
    owner.sees("You have no passkey yet")
