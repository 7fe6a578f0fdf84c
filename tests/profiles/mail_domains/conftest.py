"""acme's people have addresses at customer.example; a name server on loopback is asked."""

from collections.abc import Callable, Iterator

import pytest

from profiles.mail_domains.models import MailDomain
from profiles.mail_domains.tasks import check_mail_domains
from profiles.testing import SiteClient
from tenants.context import public, within
from tenants.models import Tenant
from tests.names import Names, naming

DOMAIN = "customer.example"


@pytest.fixture
def names(settings) -> Iterator[Names]:
    with naming() as found:
        settings.MAIL_DOMAIN_NAMESERVERS = [found.address]
        yield found


@pytest.fixture
def add(names, as_user, owner) -> Callable[..., MailDomain]:
    """An owner of acme, or of another organisation, adds a domain on the page."""

    def add(domain: str = DOMAIN, browser: SiteClient | None = None) -> MailDomain:
        browser = browser or as_user(owner)
        assert browser.post("/settings/email-domains/add/", {"domain": domain}).status_code == 302
        with public():
            return MailDomain.objects.get(tenant=browser.tenant, domain=domain)

    return add


def put_record(names: Names, domain: MailDomain) -> None:
    names.texts.setdefault(f"{domain.record.name}.", []).append(domain.proof)


def check(tenant: Tenant, domain: str = DOMAIN) -> MailDomain:
    """The domain after another check, as if it were due."""
    with public():
        MailDomain.objects.filter(tenant=tenant, domain=domain).update(next_check="2026-01-01T00:00Z")
    with within(tenant):
        check_mail_domains()
    with public():
        return MailDomain.objects.get(tenant=tenant, domain=domain)


@pytest.fixture
def proved(add, names, acme) -> MailDomain:
    domain = add()
    put_record(names, domain)
    domain = check(acme)
    assert domain.proved
    return domain
