"""Asks name servers what the records of a host say: look()."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings

from profiles.own_domains.models import OwnDomain, target
from shared.dns_proofs import UNANSWERED, Mistake, Proof, Unanswered, shown, values

logger = logging.getLogger(__name__)
# More than name servers follow.
MOST_ALIASES = 16


@dataclass(frozen=True)
class Findings:
    """What is wrong with the proof, and with the records that have to lead to us."""

    proof: Mistake
    address: Mistake


def look(domain: OwnDomain) -> Findings:
    """Up to eight questions, and more where aliases lead nowhere. It takes seconds where a name server does not answer,
    so call it outside transactions.
    """
    return Findings(asked(proof_of, domain), asked(address_of, domain))


def asked(question: Callable[[OwnDomain], Mistake], domain: OwnDomain) -> Mistake:
    try:
        return question(domain)
    except Unanswered:
        return Mistake(UNANSWERED)


def proof_of(domain: OwnDomain) -> Mistake:
    proof = Proof(domain.proof_host, domain.proof, domain.host)
    return proof.mistake(settings.OWN_DOMAIN_NAMESERVERS, is_new=not domain.is_held)


def address_of(domain: OwnDomain) -> Mistake:
    """A host leads to us if all its addresses are ours: a browser takes any of them."""
    mine = ours()
    try:
        found = addresses(domain.host)
    except Unanswered:
        if leads_nowhere(domain.host):
            return Mistake("loop")
        raise
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


def leads_nowhere(host: str) -> bool:
    """Do its aliases lead in a circle, or over too many? Name servers then answer as if they were out of order, but say
    each alias by itself.
    """
    for _ in range(MOST_ALIASES):
        aliases = values(host, "CNAME", settings.OWN_DOMAIN_NAMESERVERS)
        if not aliases:
            return False
        host = aliases[0]
    return True


def addresses(host: str) -> set[str]:
    """IPv4 and IPv6, behind CNAME records too."""
    return {text for kind in ("A", "AAAA") for text in values(host, kind, settings.OWN_DOMAIN_NAMESERVERS)}
