"""What other apps ask: is an address of a domain that the current organisation has proved?"""

from django.core.exceptions import ValidationError

from profiles.mail_domains.models import MailDomain
from shared.emails import canonical_email
from shared.lists import all_of
from shared.text import left_to_right
from tenants.context import public, required


def is_of_proved_domain(email: str) -> bool:
    """In any spelling. It is still one while the proof is gone, until the domain lapses."""
    return domain_of(email) is not None


def domain_of(email: str) -> MailDomain | None:
    try:
        domain = canonical_email(email).rpartition("@")[2]
    except ValidationError:
        return None
    tenant = required()
    with public():
        return MailDomain.objects.proved_by(tenant).filter(domain=domain).first()


def open_domains() -> list[MailDomain]:
    """The domains whose people join without an invitation, or can ask to."""
    tenant = required()
    with public():
        proved = MailDomain.objects.proved_by(tenant).exclude(joins=MailDomain.Joins.OFF)
        return list(proved.order_by("domain"))


def endings(domains: list[MailDomain]) -> str:
    """“@a.example and @b.example”."""
    return all_of([left_to_right(f"@{domain.shown}") for domain in domains])
