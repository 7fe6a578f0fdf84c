"""An address that changes something writes an entry, or is listed in testing/unaudited.txt with the reason."""

import pytest
from django.apps import apps

from profiles.audit.models import Entry
from profiles.testing import facts
from profiles.testing.matrix import PEOPLE, World, base, browser_of, forms, table
from profiles.testing.world import PASSWORD
from tenants.context import within
from tenants.models import Tenant
from tests.daily import part_each_day

LIST = "unaudited.txt"
# What a form on an address needs to do what it is for, where the access matrix sends it empty or wrong.
TWICE = {"password1": "a longer one 17", "password2": "a longer one 17"}
FILLED = {
    "account_change_password": {
        "oldpassword": PASSWORD,
        **TWICE,
    },
    "account_email": {"action_add": "", "email": "another@acme.example"},
    "edit_profile": {"first_name": "Renata", "last_name": "Reader", "time_zone": "UTC"},
    "settings": {"name": "Acme Rockets", "slug": "acme"},
    "api_settings": {"may_never_expire": "on"},
    "change_role": {"role": "reader"},
    "admin:profiles_user_add": {
        "username": "new",
        "email": "new@acme.example",
        "role": "reader",
        "usable_password": "true",
        **TWICE,
    },
    "admin:profiles_profile_change": {"bio": "New.", "time_zone": "UTC"},
}
NOTHING_DONE = {"401", "403", "404", "405", "sign-in"}


def changing() -> dict[str, tuple[str, str]]:
    """Each address that takes a POST: its last name in the matrix for which anyone may send it, and who first may."""
    found: dict[str, tuple[str, str]] = {}
    for site, address, method, answers in table():
        allowed = [name for name, answer in zip(PEOPLE, answers, strict=False) if answer not in NOTHING_DONE]
        if site == "organisation" and method == "POST" and allowed:
            found[base(address)] = (address, allowed[0])
    return found


def unaudited() -> set[str]:
    return {row.words[0] for row in facts.rows(LIST)}


@pytest.mark.parametrize("address", part_each_day(sorted(set(changing()) - unaudited())))
def test_what_is_changed_by_an_address_is_written_down(
    address: str, world: World, acme: Tenant, globex: Tenant
) -> None:
    named, who = changing()[address]
    path = world.path("organisation", named)
    browser = browser_of(who, world, globex)
    if who != "visitor":
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
    with within(acme):
        before = Entry.objects.count()
    browser.post(path, FILLED.get(address) or forms().get(address, {}))
    with within(acme):
        assert Entry.objects.count() > before, f"Call emit() in what {address} does, or say in {LIST} why not."


def test_each_address_on_the_list_takes_a_post_and_has_a_reason() -> None:
    assert unaudited() - set(changing()) == set()
    for app in apps.get_app_configs():
        if (path := facts.place(app, LIST)).exists():
            lines = [line for line in path.read_text().splitlines() if line and line[0] not in "#["]
            assert [line for line in lines if not line.partition("#")[2].strip()] == []
