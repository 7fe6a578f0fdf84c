"""sqlmap: looks for SQL that is put together from what is sent, in forms, queries and paths (https://sqlmap.org)."""

import re
from collections.abc import Iterator

from tests.torture.attackers.attack import FATAL, TOKEN, Attack, Blind, Finding, program, run

NAME = "sqlmap"
PACKAGE = "sqlmap==1.10.10"
# What is part of an address; the star says where.
PATHS = [
    *("/people/reader*/", "/people/reader*/edit/", "/people/reader*/initials.svg", "/members/reader*/role/"),
    *("/invitations/a*/", "/hand-off/a*/", "/account/confirm-email/a*/", "/account/password/reset/key/1-a*/"),
    *("/members/invitations/1*/revoke/", "/photos/00000000-0000-4000-8000-000000000000/64*.webp"),
    *("/admin/profiles/user/1*/change/", "/admin/profiles/user/?q=a*", "/admin/profiles/profile/?o=1*"),
]
# The same of the API. Programs send no forms: bodies are JSON, and what is in them is tried by wapiti.
API_PATHS = [
    *("/api/v1/people?q=a*", "/api/v1/people?sort=name*", "/api/v1/people/reader*", "/api/v1/people?after=a*&limit=2*"),
    *("/api/v1/members?state=active*", "/api/v1/members/reader*", "/api/v1/invitations/1*", "/api/v1/audit?kind=a*"),
    *("/api/v1/webhooks/1*", "/api/v1/webhooks?after=a*", "/api/v1/organisation?fields=name*"),
]


# It tries each again that it suspects, and says so only then.
SAID = re.compile(r"testing URL '(?P<url>.+?)'|(?P<what>\w+ parameter '.+?') is vulnerable")


def attack(target: Attack) -> list[Finding]:
    """First forms and links with a query, which it finds by itself; then paths. Raises Blind if it tried nothing."""
    folder = target.site.folder / NAME / target.way
    folder.mkdir(parents=True, exist_ok=True)
    if target.token:
        (folder / "paths").write_text("\n".join(target.at(path) for path in API_PATHS))
        return list(tried(target, "paths", ["-m", f"{folder}/paths"], 1))
    (folder / "paths").write_text("\n".join(target.at(path) for path in PATHS))
    crawl = ["-u", target.at(target.start), "--crawl", "4", "--crawl-exclude", "|".join(FATAL), "--forms"]
    return [*tried(target, "forms", crawl, 0.75), *tried(target, "paths", ["-m", f"{folder}/paths"], 0.25)]


def tried(target: Attack, way: str, arguments: list[str], share: float) -> Iterator[Finding]:
    """What is found in one of the ways, in its share of the time."""
    folder = target.site.folder / NAME / target.way
    headers = [word for header in target.headers for word in ("-H", header)]
    cookie = [] if target.token else ["--cookie", target.cookie]
    command = [
        *(program(NAME, PACKAGE), *arguments, *headers, *cookie, "--drop-set-cookie"),
        *("--skip", TOKEN, "--dbms", "PostgreSQL", "--technique", "BEUST", "--time-sec", "2", "--threads", "4"),
        *("--batch", "--disable-coloring", "--flush-session", "--output-dir", folder / way),
    ]
    log = run(command, folder / f"{way}.log", target.seconds * share)
    if "testing for SQL injection on" not in log:
        raise Blind(f"sqlmap tried no {way} as {target.who}; the end of its log:\n{log[-1000:]}")
    url = ""
    for said in SAID.finditer(log):
        url = said["url"] or url
        if said["what"]:
            yield Finding(NAME, target.who, f"SQL injection in {said['what']}", url)
