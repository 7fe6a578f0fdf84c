"""Every URL of both sites, and the expected answer for each person (testing/access_matrix.txt of each app)."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import AppConfig, apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from profiles.models import User
from profiles.testing import facts
from profiles.testing.world import SiteClient, person
from shared.capabilities.base import Capability
from shared.capabilities.registry import capabilities
from tenants.context import public, within
from tenants.models import Tenant
from tenants.serving import hosts

TABLE = "access_matrix.txt"
PEOPLE = ["visitor", "reader", "editor", "admin", "owner", "stranger", "gone"]
SITES = {
    "public": settings.PUBLIC_SCHEMA_URLCONF,
    "organisation": settings.ROOT_URLCONF,
    # Globex's host, once it is the operators' organisation (as_operators).
    "operators": settings.OPERATORS_URLCONF,
}
AREAS = {"public": "public_urls", "organisation": "tenant_urls", "operators": "operator_urls"}
# Replaces arguments in the pattern of a URL without a name.
ARGUMENT = re.compile(r"<[^>]+>|\(\?P<.*?\)\$?")


class Access(NamedTuple):
    """The expected answers to a method on a URL, for each person."""

    site: str
    address: str
    method: str
    answers: list[str]


def table() -> list[Access]:
    return [Access(row.site, row.words[0], row.words[1], list(row.words[2:])) for row in facts.rows(TABLE)]


def base(address: str) -> str:
    """`change_role(editor)` is change_role."""
    return address if address.startswith("/") else address.partition("(")[0]


def addresses(site: str) -> dict[str, AppConfig]:
    """The names of all URLs of a site, or their patterns if they have none, with the app of each."""
    added = {getattr(app, AREAS[site]): app for app in capabilities()}
    every: list[Any] = get_resolver(SITES[site]).url_patterns
    # Those that the operators share with every organisation are in its rows.
    maps = [included for included in every if site != "operators" or included.urlconf_module.__name__ in added]
    return {
        name: of_another(pattern) or added[included.urlconf_module.__name__]
        for included in maps
        for name, pattern in walk(included.url_patterns, "", str(included.pattern))
    }


def walk(patterns: list[Any], namespace: str, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from walk(each.url_patterns, inner, prefix + str(each.pattern))
        else:
            yield namespace + each.name if each.name else f"/{prefix}{each.pattern}", each


def of_another(pattern: URLPattern) -> AppConfig | None:
    """The app of a URL that another app serves for it: of its ModelAdmin, or of its API operation."""
    admin = getattr(pattern.callback, "model_admin", None)
    module = type(admin).__module__ if admin else getattr(pattern.callback, "registered_in", "")
    app = apps.get_containing_app_config(module) if module else None
    return app if isinstance(app, Capability) else None


def forms() -> dict[str, dict[str, str]]:
    """The form values for each URL, from all apps."""
    return {address: data for pages in facts.pages() for address, data in getattr(pages, "FORMS", {}).items()}


class World:
    """The objects of the table's URLs, in acme; all of them could leak to others."""

    def __init__(self, acme: Tenant) -> None:
        self.acme = acme
        self.people = {name: person(acme, name) for name in PEOPLE if name not in ("visitor", "stranger")}
        self._arguments: dict[str, Callable[[User], list[object]]] = {}
        with within(acme):
            for pages in facts.pages():
                self._arguments |= pages.arguments(self.people) if hasattr(pages, "arguments") else {}

    def arguments(self, address: str) -> list[object]:
        """The person that a URL is about: in `change_role(editor)` the editor, without a name the reader."""
        name = base(address)
        about = address.removeprefix(name).strip("()") or "reader"
        with within(self.acme):
            return self._arguments[name](self.people[about]) if name in self._arguments else []

    def path(self, site: str, address: str) -> str:
        arguments = self.arguments(address)
        if address.startswith("/"):
            values = iter(map(str, arguments))
            return ARGUMENT.sub(lambda _: next(values), address)
        with within(self.acme):
            return reverse(base(address), args=arguments, urlconf=SITES[site])


def as_operators(globex: Tenant) -> Tenant:
    """Make it the operators' organisation, in the test's transaction: its people are in the rows of `[operators]`."""
    with public():
        Tenant.objects.filter(pk=globex.pk).update(is_operators=True)
    hosts.forget()
    with within(globex):
        for prepared in facts.modules("operators"):
            prepared.prepare()
    return Tenant.objects.get(pk=globex.pk)


def operator_browser(name: str, world: World, globex: Tenant) -> Client:
    """A browser on the operators' host. The stranger is acme's owner."""
    if name == "visitor":
        return SiteClient(globex)
    if name == "stranger":
        browser = SiteClient(world.acme).sign_in(world.people["owner"])
        browser.defaults["SERVER_NAME"] = globex.domain
        return browser
    return SiteClient(globex).sign_in(person(globex, name))


def browser_of(name: str, world: World, globex: Tenant) -> Client:
    """A browser on acme's host. The stranger is globex's owner, with the cookie of a session there."""
    if name == "visitor":
        return SiteClient(world.acme)
    if name == "stranger":
        browser = SiteClient(globex).sign_in(person(globex, "owner"))
        browser.defaults["SERVER_NAME"] = world.acme.domain
        return browser
    return SiteClient(world.acme).sign_in(world.people[name])
