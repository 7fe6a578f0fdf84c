"""acme wants people.customer.example; the base domain is at 127.0.0.1, and a name server on loopback is asked."""

from collections.abc import Callable, Iterator

import pytest

from profiles.own_domains.models import OwnDomain
from profiles.own_domains.tasks import check_domains, queue_checks
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Tenant
from tests.names import Names, naming

HOST = "people.customer.example"
OURS = "127.0.0.1"


@pytest.fixture
def names(settings) -> Iterator[Names]:
    with naming() as found:
        found.says[f"{settings.BASE_DOMAIN}."] = [[OURS]]
        settings.OWN_DOMAIN_NAMESERVERS = [found.address]
        yield found


@pytest.fixture
def add(names, as_user, owner) -> Callable[..., OwnDomain]:
    """An owner of acme, or of another organisation, adds a domain on the page."""

    def add(host: str = HOST, browser: SiteClient | None = None) -> OwnDomain:
        browser = browser or as_user(owner)
        assert browser.post("/settings/domains/add/", {"host": host}).status_code == 302
        with public():
            return OwnDomain.objects.get(tenant=browser.tenant, host=host)

    return add


def prove(names: Names, domain: OwnDomain) -> None:
    names.texts[f"{domain.proof_host}."] = ["v=spf1 -all", domain.proof]


def lead_here(names: Names, domain: OwnDomain) -> None:
    names.aliases[f"{domain.host}."] = "localhost."


def check(tenant: Tenant, host: str = HOST) -> OwnDomain:
    """The domain after another check, as if it were due."""
    with public():
        OwnDomain.objects.filter(tenant=tenant, host=host).update(next_check="2026-01-01T00:00Z")
    with within(tenant):
        check_domains()
    with public():
        return OwnDomain.objects.get(tenant=tenant, host=host)


def run_queue() -> None:
    queue_checks.func()


@pytest.fixture
def live(add, names, acme) -> OwnDomain:
    """acme's domain, proved and leading here."""
    domain = add()
    prove(names, domain)
    lead_here(names, domain)
    domain = check(acme)
    assert domain.state == "live"
    return domain
