"""An operator at work: an organisation is suspended and resumed, and a member is helped with the owner's consent."""

from collections.abc import Callable

import pytest

from profiles.testing import needs
from tests.browser.conftest import Person, Product
from tests.browser.test_pages import LOOKS, look, watched

# As the command does, and with a second factor at once: the pages on which it is turned on have stories of their own.
MAKE = """
from allauth.mfa.models import Authenticator
from profiles.models import User
from profiles.operators.making import make_operator
from tenants.context import public, within
from tenants.models import Tenant
print("LINK", make_operator("vera@vendor.example"))
with public():
    staff = Tenant.objects.get(is_operators=True)
with within(staff):
    Authenticator.objects.get_or_create(user=User.objects.get(), type="totp", defaults={"data": {"secret": "none"}})
"""


def operators_link(product: Product) -> str:
    return product.manage("shell", "-v", "0", "-c", MAKE).partition("LINK ")[2].strip()


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.support")
def test_suspend_and_resume_and_sign_in_with_consent(product: Product, new_person: Callable[..., Person]) -> None:
    vera, rita, owner = new_person(), new_person(), new_person()
    rita.sign_in("globex", "reader@globex.example")
    owner.sign_in("globex", "owner@globex.example")
    vera.page.goto(operators_link(product))

    # Suspended with a sentence, and resumed.
    vera.page.get_by_role("link", name="Console").click()
    vera.page.get_by_role("link", name="Globex Gardens").click()
    vera.page.get_by_role("link", name="Suspend").click()
    vera.fill(sentence="Two bills are open.", reason="The bills of September")
    vera.press("Suspend")
    vera.sees("Globex Gardens is suspended.")
    rita.open("globex")
    rita.sees("Two bills are open.")
    vera.page.get_by_role("link", name="Resume").click()
    vera.fill(reason="They have paid now")
    vera.press("Resume")
    vera.sees("They have paid now")
    rita.open("globex")
    assert "Two bills" not in rita.text()

    # Vera signs in as Rita once the owner lets support in, sees no password, and leaves.
    vera.page.get_by_role("link", name="Sign in as a member").click()
    vera.sees("does not let support sign in")
    owner.open("globex", "/settings/support/")
    owner.page.locator("[name=access]").select_option("on")
    owner.press("Save")
    owner.sees("Your settings were saved.")
    vera.page.reload()
    vera.fill(member="reader", reason="Rita’s photo is missing")
    vera.press("Sign in")
    vera.sees("You are signed in as")
    assert vera.page.url.startswith(product.at("globex"))
    assert vera.open("globex", "/account/password/change/") == 403
    vera.sees("Support cannot do this")
    vera.press("Sign out of support")
    vera.sees("Signed in as a member, or asked to")
    assert "staff." in vera.page.url
    owner.open("globex", "/settings/activity/")
    owner.sees("Support signed out")


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
@needs("profiles.support", "profiles.announcements", "profiles.console_sandboxes")
def test_every_page_of_the_console_in_each_look(product: Product, new_person: Callable[..., Person]) -> None:
    vera = watched(new_person())
    vera.page.goto(operators_link(product))
    vera.open("staff", "/console/organisations/")
    one = vera.page.get_by_role("link", name="Globex Gardens").get_attribute("href") or ""
    paths = ["/console/organisations/", one, f"{one}actions/make_owner/", f"{one}support/", "/console/jobs/"]
    paths += [f"{one}sandbox/", f"{one}sandbox/actions/make_sandbox/"]
    paths += ["/console/health/", "/console/announcements/", "/console/announcements/new/"]
    assert [fault for path in paths for turn in range(len(LOOKS)) for fault in look(vera, "staff", path, turn)] == []
