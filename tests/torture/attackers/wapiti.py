"""wapiti: crawls the site and attacks each parameter and form that it finds (https://wapiti-scanner.github.io)."""

import json
from pathlib import Path

from tests.torture.attackers.attack import FATAL, TOKEN, Attack, Blind, Finding, ask, program, run

NAME = "wapiti"
PACKAGE = "wapiti3==3.2.3"
# All but those that look for other people's products, guess names of files, or need a server of wapiti's makers.
MODULES = [
    *("sql", "timesql", "xss", "permanentxss", "exec", "file", "crlf", "redirect", "upload", "ldap"),
    *("csrf", "htaccess", "methods", "http_headers", "cookieflags", "csp"),
]
# The admin's filters, all of them with all others. Each alone is attacked.
MANY = "/admin/*&"
DOCUMENT = "/api/v1/openapi.json"
# It ends itself; this is for when it does not.
GRACE = 60
# What it has found so far it keeps in SQLite, and dies if that is locked for some seconds, as on a busy disk.
TRIES = 3


def attack(target: Attack) -> list[Finding]:
    """Raises Blind if there is no report."""
    folder = target.site.folder / NAME / target.way
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    headers = [word for header in target.headers for word in ("-H", header)]
    # With a token it reads the API's document, and plays each operation.
    where = ["--swagger", document(target, folder)] if target.token else ["-C", target.cookie]
    excluded = [word for path in [*FATAL, MANY] for word in ("-x", f"{target.at(path)}*")]
    each = max(5, target.seconds // len(MODULES))
    command = [
        *(program(NAME, PACKAGE), "-u", target.at(target.start), "--scope", "folder", "-m", ",".join(MODULES)),
        *(*headers, *where, *excluded, "--skip", f"{TOKEN},slug"),
        *("--max-scan-time", str(target.seconds), "--max-attack-time", str(each)),
        *("--flush-session", "--store-session", folder / "session", "--store-config", folder / "config"),
        *("-f", "json", "-o", report, "-v", "1", "--no-bugreport"),
    ]
    for _ in range(TRIES):
        log = run(command, folder / "log", 2 * target.seconds + GRACE)
        if report.exists():
            return list(findings(target.who, json.loads(report.read_text())))
    raise Blind(f"wapiti made no report as {target.who}, {TRIES} times; the end of its log:\n{log[-1000:]}")


def document(target: Attack, folder: Path) -> Path:
    """The API's document as a file, with the address that the tools know."""
    told = json.loads(ask(target.site, "GET", DOCUMENT)[1])
    (folder / "openapi.json").write_text(json.dumps(told | {"servers": [{"url": target.at("")}]}))
    return folder / "openapi.json"


def findings(who: str, report: dict) -> list[Finding]:
    """Its vulnerabilities, and what it calls anomalies: answers of 5xx, or none in time."""
    return [
        Finding(NAME, who, what, f"{each['method']} {each['path']} ({each['parameter'] or each['info']})")
        for part in ("vulnerabilities", "anomalies")
        for what, found in report[part].items()
        for each in found
    ]
