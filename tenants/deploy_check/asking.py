"""Asks a site over the network: TLS, HTTP and DNS. It sends nothing but GET requests, and signs in nowhere."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

SECONDS = 10
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    """`headers` in lower case; of cookies, each line."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


@dataclass(frozen=True)
class Site:
    """The address to look at. `at` is where to connect to instead, for a site whose name does not lead there yet."""

    url: str
    at: tuple[str, int] | None = None
    http_port: int | None = 80
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    resolver: Resolver = field(default_factory=Resolver)
    # The slug of one that exists.
    organisation: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 443

    def where(self, host: str) -> tuple[str, int]:
        return self.at or (host, self.port)

    def certificate(self, host: str) -> tuple[dict[str, Any], str]:
        """The certificate for a host and the version of TLS. Raises OSError, also if it is not valid for the host."""
        with (
            socket.create_connection(self.where(host), SECONDS) as plain,
            self.context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return secure.getpeercert() or {}, secure.version() or ""

    def get(self, path: str, *, host: str = "", header: str = "") -> Answer:
        """Get a page of a host. `header` is another Host header than that. Raises OSError or HTTPException."""
        host = host or self.host
        browser = Secure(*self.where(host), context=self.context, timeout=SECONDS)
        browser.name = host
        return ask(browser, path, header or (host if self.port == 443 else f"{host}:{self.port}"))

    def get_plain(self, path: str) -> Answer:
        """The same without TLS."""
        address = self.at[0] if self.at else self.host
        return ask(HTTPConnection(address, self.http_port, timeout=SECONDS), path, self.host)

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name; none if there are none. Raises OSError if no name server answers."""
        return ["".join(part.decode() for part in each.strings) for each in self.records(name, "TXT")]

    def records(self, name: str, kind: str) -> Iterator[Any]:
        try:
            yield from self.resolver.resolve(name, kind, raise_on_no_answer=False, lifetime=SECONDS)
        except (NXDOMAIN, NoAnswer):
            return
        except DNSException as error:
            raise OSError(f"{name}: {error}") from error


class Secure(HTTPSConnection):
    """A connection that asks for the certificate of `name`, wherever it leads."""

    name = ""

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.name)  # type: ignore[attr-defined]


def ask(browser: HTTPConnection, path: str, host: str) -> Answer:
    try:
        browser.request(
            "GET", path, headers={"Host": host, "User-Agent": "deploy-check", "Accept-Encoding": "identity"}
        )
        response = browser.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        return Answer(response.status, headers, cookies, response.read(MOST_BYTES).decode(errors="replace"))
    finally:
        browser.close()


FAILURES = (OSError, HTTPException)
