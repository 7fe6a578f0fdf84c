"""Asks name servers, by dnspython: neither /etc/hosts nor a search domain has a say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver


def resolver(servers: Sequence[str]) -> "Resolver":
    """One that asks these servers, as 192.0.2.53 or 192.0.2.53:5353; without any, those of the machine."""
    from dns.resolver import Resolver  # here, since commands start sooner without it

    found = Resolver(configure=not servers)
    if servers:
        hosts = [server.partition(":")[::2] for server in servers]
        found.nameservers = [host for host, _port in hosts]
        found.nameserver_ports = {host: int(port or 53) for host, port in hosts}
    return found
