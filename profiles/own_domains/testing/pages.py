"""What the addresses and forms of domains are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.own_domains.models import OwnDomain
from tenants.context import public, required

# Statements on this table are counted by the tests of this app.
COUNTED = ("own_domains_owndomain",)
FORMS = {"add_own_domain": {"host": "people.customer.example"}, "canonical_address": {"host": "acme.localhost"}}
SHOWING = ["/settings/domains/"]
BROWSED = {"owner": ["/settings/domains/", "/settings/domains/add/", "/settings/domains/main/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A domain that waits for its proof."""
    tenant = required()
    with public():
        domain = OwnDomain.objects.create(tenant=tenant, host="old.customer.example")
    names = ("own_domain", "check_own_domain", "remove_own_domain")
    return {**dict.fromkeys(names, lambda _user: [domain.pk]), "tls_allowed_by_secret": lambda _user: ["wrong"]}


def secrets(_people: dict[str, User]) -> dict[str, list[str]]:
    """What the proxy knows (setting TLS_SECRET)."""
    return {"tls_allowed_by_secret": ["h7Jq2mTz9KpWc4XvR8sd"]}
