"""Who gets what: every address of both site maps, for everybody (the table is tests/access_matrix.txt)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from profiles.mail import refusals
from profiles.models import HandOff, Invitation
from tenants.context import within
from tenants.models import Tenant
from tests.conftest import PASSWORD, SiteClient, person

TABLE = Path(__file__).with_name("access_matrix.txt")
PEOPLE = ["visitor", "reader", "editor", "admin", "owner", "stranger", "gone"]
SITES = {"public": "config.public_urls", "organisation": "config.tenant_urls"}
UUID = "00000000-0000-4000-8000-000000000000"
Row = tuple[str, str, str, list[str]]


def table() -> list[Row]:
    """(site, address, method, what each person is answered), in the table's order."""
    rows, site = [], ""
    for line in TABLE.read_text().splitlines():
        words = line.split()
        if line.startswith("["):
            site = line.strip("[]")
        elif words and not line.startswith("#"):
            rows.append((site, words[0], words[1], words[2:]))
    return rows


def addresses(urlconf: str) -> Iterator[str]:
    """The names of all addresses of a site map; one without a name by its pattern."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str, prefix: str) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                inner = f"{each.namespace}:" if each.namespace else ""
                yield from walk(each.url_patterns, namespace + inner, prefix + str(each.pattern))
            else:
                yield namespace + each.name if each.name else f"/{prefix}{each.pattern}"

    return walk(get_resolver(urlconf).url_patterns, "", "")


def base(address: str) -> str:
    """`change_role(editor)` is change_role."""
    return address if address.startswith("/") else address.partition("(")[0]


@pytest.mark.parametrize("site", SITES)
def test_every_address_has_a_row(site: str) -> None:
    having = {base(address) for where, address, _, _ in table() if where == site}
    missing = sorted(set(addresses(SITES[site])) - having)
    assert not missing, f"Say in {TABLE.name}, under [{site}], who may GET and POST: {', '.join(missing)}"
    gone = sorted(having - set(addresses(SITES[site])))
    assert not gone, f"{TABLE.name} has rows for addresses that no longer exist: {', '.join(gone)}"


class World:
    """What addresses and forms of the table are about, in acme; it could all leak to others."""

    def __init__(self, acme: Tenant) -> None:
        self.acme = acme
        self.people = {name: person(acme, name) for name in PEOPLE if name not in ("visitor", "stranger")}
        with within(acme):
            self.invitation = Invitation.objects.create(email="new@acme.example", invited_by=self.people["owner"])
            self.refusal = refusals.token("new@acme.example")
            self.hand_off = HandOff.objects.create(user=self.people["reader"])

    def path(self, site: str, address: str) -> str:
        """`change_role(editor)` is the address change_role about the editor."""
        if address.startswith("/"):
            reader = str(self.people["reader"].pk)
            return address.replace("<path:object_id>", reader).replace("(?P<url>.*)$", "nothing/")
        name, about = base(address), address.partition("(")[2].rstrip(")") or "reader"
        with within(self.acme):
            return reverse(name, args=self.arguments(name, about), urlconf=SITES[site])

    def arguments(self, name: str, about: str) -> list[object]:
        user = self.people[about]
        fixed: dict[str, list[object]] = {
            "logo": [UUID],
            "photo": [UUID, 64],
            "hand_off": [self.hand_off.path.split("/")[-2]],
            "accept_invitation": [self.invitation.token],
            "refuse_mail": [self.refusal],
            "allow_mail": [self.refusal],
            "resend_invitation": [self.invitation.pk],
            "revoke_invitation": [self.invitation.pk],
            "account_confirm_email": ["nokey"],
            "account_reset_password_from_key": ["1", "nokey"],
            "dev_message": ["nothing"],
            "dev_message_html": ["nothing"],
            "admin:app_list": ["profiles"],
        }
        if name in fixed:
            return fixed[name]
        if name in ("person", "edit_profile", "initials", "change_role", "deactivate", "reactivate", "remove"):
            return [user.username]
        if name.endswith(("_change", "_delete", "_history")) and name.startswith("admin:profiles_"):
            return [user.profile.pk if "_profile_" in name else user.pk]
        return []


FORMS = {
    "sign_up": {},
    "edit_welcome": {"text": "Welcome!"},
    "settings": {"name": "Acme", "slug": "acme"},
    "edit_profile": {"first_name": "Rita", "last_name": "Reader", "time_zone": "UTC"},
    "invitations": {"email": "another@acme.example", "role": "reader", "message": ""},
    "change_role": {"role": "reader"},
    "accept_invitation": {"name": "New Person", "username": "new", "password": PASSWORD},
    "account_login": {"login": "reader", "password": PASSWORD},
}


@pytest.mark.parametrize(("site", "address", "method", "expected"), table(), ids=lambda value: str(value)[:40])
def test_access(site: str, address: str, method: str, expected: list[str], acme: Tenant, globex: Tenant) -> None:
    world = World(acme)
    path = world.path(site, address)
    data = FORMS.get(base(address), {})
    answers = []
    for name in PEOPLE[: len(expected)]:
        browser = Client(SERVER_NAME="localhost") if site == "public" else browser_of(name, world, globex)
        with transaction.atomic():
            answers.append(word(browser.get(path) if method == "GET" else browser.post(path, data)))
            transaction.set_rollback(True)
    assert answers == expected, f"{address} {method} answered: {' '.join(answers)}"


def browser_of(name: str, world: World, globex: Tenant) -> Client:
    """Somebody on acme's host. The stranger is globex's owner, with the cookie of a session there."""
    if name == "visitor":
        return SiteClient(world.acme)
    if name == "stranger":
        browser = SiteClient(globex).sign_in(person(globex, "owner"))
        browser.defaults["SERVER_NAME"] = world.acme.domain
        return browser
    return SiteClient(world.acme).sign_in(world.people[name])


def word(response: Any) -> str:
    """An answer as the table has it: a status, or for a redirect where it leads: `sign-in`, `home` or `on`."""
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    where = response["Location"]
    return "sign-in" if where.startswith("/account/login/") else "home" if where == "/" else "on"
