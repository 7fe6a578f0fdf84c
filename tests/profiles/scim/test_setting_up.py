"""An owner switches provisioning on, replaces a token, and removes it all."""

from profiles.api.models import Token
from profiles.models import User
from profiles.scim.models import Account, Directory
from profiles.testing import PASSWORD
from tenants.context import within
from tests.profiles.scim.conftest import Provisioner

PAGE = "/settings/provisioning/"
RULES = {"role": "reader", "roles": ""}


def test_owner_replaces_a_token_without_a_gap(acme, owner, as_user):
    browser = as_user(owner)
    assert browser.post(f"{PAGE}on/", RULES)["Location"].startswith("/account/reauthenticate/")
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post(f"{PAGE}on/", RULES)

    def made(name: str) -> str:
        answer = browser.post(f"{PAGE}tokens/new/", {"name": name, "expires": "365"})
        assert "no-store" in answer["Cache-Control"]
        return answer.context["text"]

    first, second = made("First"), made("Second")
    assert made_none(browser)
    assert [calls(acme, text) for text in (first, second)] == [200, 200]
    page = browser.get(PAGE).text
    assert acme.url("/scim/v2") in page
    assert first not in page
    with within(acme):
        old, new = (Token.objects.get(name=name) for name in ("First", "Second"))
        assert old.used is not None
        assert first not in str([*Token.objects.values()])
    browser.post(f"{PAGE}tokens/{old.pk}/revoke/")
    assert [calls(acme, text) for text in (first, second)] == [401, 200]
    third = made("Third")
    assert calls(acme, third) == 200
    assert "Third" not in browser.get("/settings/api/").text
    assert browser.get(f"/account/api/{new.pk}/revoke/").status_code == 404


def made_none(browser) -> bool:
    answer = browser.post(f"{PAGE}tokens/new/", {"name": "One too many", "expires": "365"})
    return "There are two tokens already." in answer.text


def calls(acme, text: str) -> int:
    return Provisioner(acme, text).call("GET", "Users?count=1").status_code


def test_removed_provisioning_leaves_the_members(acme, owner, as_user, directory):
    entra = directory()
    entra.add("Nora New", externalId="e-1")
    browser = as_user(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post(f"{PAGE}remove/")
    assert entra.call("GET", "Users").status_code == 401
    with within(acme):
        assert User.objects.filter(first_name="Nora").exists()
        assert not User.objects.filter(first_name="SCIM").exists()
        assert not Account.objects.exists()
        assert not Directory.objects.exists()
        assert not Token.objects.exists()
