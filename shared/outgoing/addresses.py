"""Which addresses the product calls because a member entered them: https, public, and not into our own network.

The name is resolved once. The connection is made to the very address that was checked, so an answer of the name server
that changes in between leads nowhere (connection.py).
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import dns.exception
import dns.name
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shared.resolving import resolver

Address = IPv4Address | IPv6Address
# All public addresses of IPv6 are in here: no mapped IPv4 address (::ffff:0:0/96), NAT64 or link-local one is.
# https://www.iana.org/assignments/ipv6-address-space
UNICAST = ip_network("2000::/3")
# What Python counts as global, in some of its versions, and leads into a network of ours or of the cloud's.
INSIDE = [
    ip_network(text)
    for text in (
        "2001::/23",  # Teredo and other special ones
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "192.0.0.0/24",  # special ones
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # Azure's own services
    )
]
NAMES_SECONDS = 3


class Unreachable(Exception):
    """Why an address gives no answer, as a word: `name`, `not_public`, `timeout`, `certificate`, `tls`, `connection`,
    `answer`.
    """

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Rules:
    """What a capability allows. `networks` are not public, and may be called all the same, as 10.1.2.0/24.

    `nameservers` as 192.0.2.53 or 192.0.2.53:5353; without any, those of the machine.
    """

    http: bool = False
    ports: Sequence[int] = (443,)
    networks: Sequence[str] = ()
    nameservers: Sequence[str] = ()


@dataclass(frozen=True)
class Target:
    """An address, taken apart: where to connect to, and what is asked for there."""

    host: str
    port: int
    path: str
    is_secure: bool


def target(url: str, rules: Rules) -> Target:
    """Raises ValidationError, with a sentence for its author, for what is no address that we call."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise ValidationError(_("Enter a web address."), code="invalid") from None
    if any(character.isspace() or not character.isprintable() for character in url) or not host or "\\" in url:
        raise ValidationError(_("Enter a web address."), code="invalid")
    if parts.scheme != "https" and not (parts.scheme == "http" and rules.http):
        raise ValidationError(_("The address has to begin with https://."), code="scheme")
    if "@" in parts.netloc:
        raise ValidationError(_("The address may not contain a username or password."), code="credentials")
    if parts.fragment:
        raise ValidationError(_("The address may not contain a “#”."), code="fragment")
    is_secure = parts.scheme == "https"
    port = port if port is not None else (443 if is_secure else 80)
    if port not in rules.ports:
        allowed = ", ".join(map(str, rules.ports))
        raise ValidationError(_("Only these ports may be used: %(ports)s."), code="port", params={"ports": allowed})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = Target(host, port, quoted(path), is_secure)
    if (literal := literal_of(found.host)) and not is_allowed(literal, rules):
        raise ValidationError(_("This address is not public."), code="not_public")
    return found


def quoted(path: str) -> str:
    """A path as it is sent: what is not ASCII, as %C3%A4."""
    return "".join(each if each.isascii() else "".join(f"%{byte:02X}" for byte in each.encode()) for each in path)


def literal_of(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_allowed(address: Address, rules: Rules) -> bool:
    """Is this a public address of one machine, or in one of the networks that may be called?"""
    if any(covers(ip_network(each), address) for each in rules.networks):
        return True
    if any(covers(network, address) for network in INSIDE) or getattr(address, "scope_id", None):
        return False
    return address.is_global and not address.is_multicast and (address.version == 4 or address in UNICAST)


def covers(network: IPv4Network | IPv6Network, address: Address) -> bool:
    return network.version == address.version and address in network


def resolve(host: str, rules: Rules) -> list[str]:
    """The addresses of a host, those of IPv4 first. Raises Unreachable where there is none, or one is not allowed."""
    literal = literal_of(host)
    found = [literal] if literal else named(host, rules)
    if not found:
        raise Unreachable("name")
    if not all(is_allowed(each, rules) for each in found):
        raise Unreachable("not_public")
    return [str(address) for address in sorted(found, key=lambda each: each.version)]


def named(host: str, rules: Rules) -> list[Address]:
    """What the name server says. It is asked by ourselves: neither /etc/hosts nor a search domain has a say."""
    try:
        answers = resolver(rules.nameservers).resolve_name(
            dns.name.from_text(host), lifetime=NAMES_SECONDS, search=False
        )
        return [ip_address(text) for text in answers.addresses()]
    except (dns.exception.DNSException, ValueError, OSError):
        raise Unreachable("name") from None
