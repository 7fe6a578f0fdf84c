"""Proof by DNS that a domain is an organisation's: a TXT record with a value that only this organisation was given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.resolving import resolver

SECONDS = 4  # for each question
SHOWN = 3  # so many of the wrong values
# Words of WORDS: no record was seen yet; and name servers say nothing, so that what was seen last still holds.
NOT_CHECKED, UNANSWERED = "not_checked", "unanswered"
# Each mistake in a sentence that says what to do about it.
WORDS = {
    NOT_CHECKED: _("Not checked yet."),
    "no_proof": _("There is no TXT record with this name. New records can take an hour to be seen everywhere."),
    "other_proof": _("There is a TXT record with this name, but it has another value: %(found)s"),
    "proof_at_host": _("The value is at the domain itself. Give the TXT record the name that is shown here."),
    "proof_doubled": _(
        "The record is at %(found)s. Your DNS provider adds the domain by itself: leave it out of the name."
    ),
    "taken": _("Another organisation has proved this domain and uses it. It has to remove it first."),
    UNANSWERED: _("The name servers of this domain did not answer. We try again within the hour."),
}


def in_words(error: str, *, found: str, words: Mapping[str, Any] = WORDS) -> str:
    """A mistake as a sentence; "" without one. A later release may know others: they are as good as not checked."""
    return str(words.get(error, words[NOT_CHECKED])) % {"found": found} if error else ""


class Unanswered(Exception):
    """The name servers say nothing, neither that there is a record nor that there is none."""


@dataclass(frozen=True)
class Mistake:
    """A word for what is wrong, "" where all is right, and what the records say instead."""

    error: str = ""
    found: str = ""


@dataclass(frozen=True)
class Proof:
    """The TXT record `name`, which has to say `value`, for `host`."""

    name: str
    value: str
    host: str

    def mistake(self, servers: Sequence[str], *, is_new: bool) -> Mistake:
        """For a new proof, also look where people put the record by mistake. Raises Unanswered."""
        found = texts(self.name, servers)
        if self.value in found:
            return Mistake()
        if found:
            return Mistake("other_proof", shown(found))
        return self.misplaced(servers) if is_new else Mistake("no_proof")

    def misplaced(self, servers: Sequence[str]) -> Mistake:
        """At the host itself, or below the domain twice."""
        if self.value in texts(self.host, servers):
            return Mistake("proof_at_host")
        for parent in parents(self.host):
            if self.value in texts(doubled := f"{self.name}.{parent}", servers):
                return Mistake("proof_doubled", doubled)
        return Mistake("no_proof")


def parents(host: str) -> Iterator[str]:
    """The host and the domains above it, which a DNS provider may have added: three at most, the shortest first."""
    labels = host.split(".")
    for number in range(2, min(len(labels), 4) + 1):
        yield ".".join(labels[-number:])


def texts(host: str, servers: Sequence[str]) -> set[str]:
    return set(values(host, "TXT", servers))


def values(host: str, kind: str, servers: Sequence[str]) -> list[str]:
    """The records of this kind as text; none if there is no such name. Raises Unanswered.

    `servers` as in shared/resolving.py. Call it outside transactions: it takes seconds where no server answers.
    """
    import dns.exception
    import dns.name
    import dns.resolver

    try:
        answer = resolver(servers).resolve(dns.name.from_text(host), kind, lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.NameTooLong):
        return []
    except (dns.exception.DNSException, OSError):
        raise Unanswered from None
    if kind == "TXT":
        return [b"".join(record.strings).decode(errors="replace") for record in answer]
    return [record.to_text() for record in answer]


def shown(found: set[str]) -> str:
    """Some of the values, each shortened: what a name server says can be of any length."""
    printable = ("".join(filter(str.isprintable, value))[:60] for value in sorted(found)[:SHOWN])
    return ", ".join(printable)[:200]
