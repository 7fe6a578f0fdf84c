"""Looks at a running production address, and prints a report."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from dns.resolver import Resolver

from tenants.deploy_check.asking import FAILURES, Site
from tenants.deploy_check.looking import CHECKS
from tenants.deploy_check.mail import mail
from tenants.readiness.findings import Finding


class Command(BaseCommand):
    help = (
        "Looks at the base domain of a running product as a stranger would: TLS, headers, cookies, redirects, hosts, "
        "health, mail records. It reads pages, and changes nothing. Status 1 if anything is wrong."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="The public address, as https://example.com.")
        parser.add_argument("--at", metavar="ADDRESS:PORT", help="Connect there, if the name does not lead there yet.")
        parser.add_argument("--ca", metavar="FILE", help="Certificates to trust, instead of the machine's.")
        parser.add_argument("--mail-domain", help="The domain that mail is from, if it is not the address's.")
        parser.add_argument("--dkim", metavar="SELECTOR", action="append", default=[], help="As the mail service says.")
        parser.add_argument("--organisation", metavar="SLUG", default="", help="Look at its host, too.")
        parser.add_argument("--nameserver", metavar="ADDRESS:PORT", help="Instead of the machine's.")

    def handle(self, *args: Any, **options: Any) -> None:
        site = site_of(options)
        wrong = 0
        for finding in report(site, options["mail_domain"] or site.host, options["dkim"]):
            self.stdout.write(f"{'ok' if finding.is_well else 'WRONG':<6} {finding.what}: {finding.words}")
            wrong += not finding.is_well
        if wrong:
            raise CommandError(f"{wrong} of these are wrong. docs/deploying.md says what to do about each.")


def report(site: Site, domain: str, selectors: Iterable[str]) -> Iterator[Finding]:
    for what, check in CHECKS:
        yield from asked(what, lambda check=check: check(site))  # type: ignore[misc]
    yield from asked("mail records", lambda: mail(site, domain, selectors))


def asked(what: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check, and one more if the site does not answer."""
    try:
        yield from check()
    except FAILURES as error:
        yield Finding(what, False, f"cannot be asked: {error}")


def site_of(options: dict[str, Any]) -> Site:
    url = options["url"].rstrip("/")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path:
        raise CommandError(f"{url} is no address of a site. Write it as https://example.com.")
    resolver = Resolver()
    if options["nameserver"]:
        address, port = place(options["nameserver"])
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = [address], port
    return Site(
        url,
        at=place(options["at"]) if options["at"] else None,
        http_port=None if parts.port else 80,
        context=ssl.create_default_context(cafile=options["ca"]),
        resolver=resolver,
        organisation=options["organisation"],
    )


def place(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    if not address or not port.isdigit():
        raise CommandError(f"{text} is no place. Write it as 192.0.2.10:443.")
    return address, int(port)
