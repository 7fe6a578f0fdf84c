"""Which addresses messages are sent to: the rules of shared/outgoing/, with this capability's settings."""

from django.conf import settings

from shared.outgoing import addresses
from shared.outgoing.addresses import Rules, Target, Unreachable

__all__ = ["Unreachable", "resolve", "rules", "target"]


def rules() -> Rules:
    return Rules(
        http=settings.WEBHOOK_HTTP,
        ports=settings.WEBHOOK_PORTS,
        networks=settings.WEBHOOK_NETWORKS,
        nameservers=settings.WEBHOOK_NAMESERVERS,
    )


def target(url: str) -> Target:
    """Raises ValidationError, with a sentence for the person who typed it, for an address that we do not send to."""
    return addresses.target(url, rules())


def resolve(host: str) -> list[str]:
    """The addresses of a host. Raises Unreachable."""
    return addresses.resolve(host, rules())
