"""Outside attackers against the running product: `python -m tests.torture.attackers`.

wapiti and sqlmap, as a visitor and signed in as each role, over TLS and with production's cookies. First a planted hole
of each kind has to be found. Then nothing may be, and no answer may be a 5xx. Both are installed below var/ when they
are first needed. `--quick` has a minute for each tool, for a visitor and an owner.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.tls import Site, made_in, manage, serving
from tests.torture.attackers import sqlmap, wapiti
from tests.torture.attackers.attack import Attack, Blind, Finding, check, log_size, say, sign_in, token_of, traffic

# Where tests/torture/attackers/holes.py begins; it is not imported, as there are no settings here.
HOLES = "/holes/"
# The owner last: who may remove others, does.
PEOPLE = ["visitor", "reader", "editor", "admin", "owner"]
SECONDS, QUICK_SECONDS, HOLE_SECONDS = 300, 60, 90
MAKE = {"DJANGO_SETTINGS_MODULE": "tests.torture.attackers.settings", "DEBUG": "0"}
# What has to be found in the planted holes.
PLANTED = {(wapiti, "Reflected Cross Site Scripting"), (wapiti, "SQL Injection"), (sqlmap, "SQL injection")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if there is a finding, or if finding none would show nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.attackers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a visitor and an owner, a minute for each tool")
    parser.add_argument("--people", nargs="+", choices=PEOPLE, help="these people alone")
    options = parser.parse_args(arguments)
    people = options.people or (["visitor", "owner"] if options.quick else PEOPLE)
    seconds = QUICK_SECONDS if options.quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as folder:
        site = made_in(Path(folder), **MAKE)
        manage(site, "collectstatic", "--noinput", **MAKE)
        try:
            with serving(site, **MAKE, HOLES="1"):
                find_the_holes(site)
            with serving(site, **MAKE):
                found = [each for who in people for each in attacked(site, who, seconds)]
        except (Blind, subprocess.CalledProcessError) as error:
            say(f"This shows nothing. {error}")
            return 1
    say("\n".join(map(str, found)) or "No findings.")
    return int(bool(found))


def find_the_holes(site: Site) -> None:
    """Raises Blind if a tool misses one."""
    target = Attack(site, "visitor", sign_in(site, "visitor"), HOLE_SECONDS, HOLES)
    for tool in (wapiti, sqlmap):
        found = {each.what for each in tool.attack(target)}
        for which, planted in PLANTED:
            if which is tool and not any(what.startswith(planted) for what in found):
                raise Blind(f"{tool.NAME} missed the planted hole: {planted}.")
        say(f"{tool.NAME} found the planted holes: {', '.join(sorted(found))}.")


def attacked(site: Site, who: str, seconds: int) -> Iterator[Finding]:
    """What comes of both tools in a person's hands. Raises Blind if they were signed out on the way."""
    for tool in (wapiti, sqlmap):
        cookie, since = sign_in(site, who), log_size(site)
        found = tool.attack(Attack(site, who, cookie, seconds))
        check(site, who, cookie)
        seen = traffic(site, since)
        say(f"{tool.NAME} as {who}: {seen.requests} requests, {seen.taken} forms taken, {len(found)} findings.")
        yield from found
        yield from (Finding(tool.NAME, who, "A fault of the server's", fault) for fault in dict.fromkeys(seen.faults))
    if who != "visitor":
        yield from attacked_by_api(site, who, seconds)


def attacked_by_api(site: Site, who: str, seconds: int) -> Iterator[Finding]:
    """The same of the API, which the tools read in its document, with a token for everything."""
    token = token_of(site, who, sign_in(site, who))
    since = log_size(site)
    target = Attack(site, who, "", seconds, "/api/v1/me", token)
    found = [each for tool in (wapiti, sqlmap) for each in tool.attack(target)]
    seen = traffic(site, since, "/api/")
    say(f"The API as {who}: {seen.requests} requests, {seen.taken} that change something taken, {len(found)} findings.")
    yield from found
    yield from (Finding("the API", who, "A fault of the server's", fault) for fault in dict.fromkeys(seen.faults))


if __name__ == "__main__":
    sys.exit(main())
