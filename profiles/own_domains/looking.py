"""Asks name servers what the records of a host say: look()."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver
from django.conf import settings

from profiles.own_domains.models import UNANSWERED, OwnDomain, target
from shared.resolving import resolver

logger = logging.getLogger(__name__)

SECONDS = 4  # for each question
SHOWN = 3  # so many of the wrong values


class Unanswered(Exception):
    """The name servers say nothing, neither that there is a record nor that there is none."""


@dataclass(frozen=True)
class Mistake:
    """A word of words.py, "" where all is right, and what the records say instead."""

    error: str = ""
    found: str = ""


@dataclass(frozen=True)
class Findings:
    """What is wrong with the proof, and with the records that have to lead to us."""

    proof: Mistake
    address: Mistake


def look(domain: OwnDomain) -> Findings:
    """Up to eight questions. It takes seconds where a name server does not answer, so call it outside transactions."""
    return Findings(asked(proof_of, domain), asked(address_of, domain))


def asked(question: Callable[[OwnDomain], Mistake], domain: OwnDomain) -> Mistake:
    try:
        return question(domain)
    except Unanswered:
        return Mistake(UNANSWERED)


def proof_of(domain: OwnDomain) -> Mistake:
    values = texts(domain.proof_host)
    if domain.proof in values:
        return Mistake()
    if values:
        return Mistake("other_proof", shown(values))
    return misplaced(domain) if not domain.is_held else Mistake("no_proof")


def misplaced(domain: OwnDomain) -> Mistake:
    """Where people put the record by mistake: at the host itself, or below the domain twice."""
    if domain.proof in texts(domain.host):
        return Mistake("proof_at_host")
    for parent in parents(domain.host):
        if domain.proof in texts(doubled := f"{domain.proof_host}.{parent}"):
            return Mistake("proof_doubled", doubled)
    return Mistake("no_proof")


def parents(host: str) -> Iterator[str]:
    """The host and the domains above it, which a DNS provider may have added: three at most, the shortest first."""
    labels = host.split(".")
    for number in range(2, min(len(labels), 4) + 1):
        yield ".".join(labels[-number:])


def address_of(domain: OwnDomain) -> Mistake:
    """A host leads to us if all its addresses are ours: a browser takes any of them."""
    mine = ours()
    try:
        found = addresses(domain.host)
    except dns.message.ChainTooLong:
        return Mistake("loop")
    if not found:
        return Mistake("no_name")
    if not (strange := found - mine):
        return Mistake()
    return replace(Mistake("elsewhere" if strange == found else "mixed"), found=shown(strange))


def ours() -> set[str]:
    """Raises Unanswered if there are none: an error in our own records is no mistake of an organisation."""
    found = addresses(target()) | set(settings.OWN_DOMAIN_ADDRESSES)
    if not found:
        logger.error("%s has no address, so no domain of an organisation can be checked.", target())
        raise Unanswered
    return found


def addresses(host: str) -> set[str]:
    """IPv4 and IPv6, behind CNAME records too."""
    return {text for kind in ("A", "AAAA") for text in values(host, kind)}


def texts(host: str) -> set[str]:
    return set(values(host, "TXT"))


def values(host: str, kind: str) -> list[str]:
    """The records of this kind as text; none if there is no such name. Raises Unanswered, and ChainTooLong."""
    servers = resolver(settings.OWN_DOMAIN_NAMESERVERS)
    try:
        answer = servers.resolve(dns.name.from_text(host), kind, lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.NameTooLong):
        return []
    except dns.message.ChainTooLong:
        raise
    except (dns.exception.DNSException, OSError):
        raise Unanswered from None
    if kind == "TXT":
        return [b"".join(record.strings).decode(errors="replace") for record in answer]
    return [record.address for record in answer]


def shown(found: set[str]) -> str:
    """Some of the values, each shortened: what a name server says can be of any length."""
    printable = ("".join(filter(str.isprintable, value))[:60] for value in sorted(found)[:SHOWN])
    return ", ".join(printable)[:200]
