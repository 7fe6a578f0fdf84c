"""Who attacks, what is attacked, and what comes of it; and the tools, each in an environment of its own."""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from tests.tls import ROOT, Site

TOOLS = ROOT / "var" / "attackers"
PASSWORD = "demo-password"  # the demo's
# What would end the session, so that all that follows would attack the page to sign in.
FATAL = ["/account/logout/", "/admin/logout/"]
TOKEN = "csrfmiddlewaretoken"


class Blind(Exception):
    """Why an attack that found nothing shows nothing, in a sentence."""


@dataclass(frozen=True)
class Finding:
    """What a tool says that it has found."""

    tool: str
    who: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.tool}, as {self.who}: {self.what} at {self.where}"


@dataclass(frozen=True)
class Attack:
    """A person at acme, signed in or not, with a tool for so many seconds, beginning at a path."""

    site: Site
    who: str
    cookie: str
    seconds: int
    start: str = "/"
    token: str = ""  # of the API, which is attacked then and not the pages

    def at(self, path: str) -> str:
        """The tools know no name but the machine's; `headers` say which host is meant."""
        return f"https://127.0.0.1:{self.site.port}{path}"

    @property
    def headers(self) -> list[str]:
        host = f"{self.site.at('acme', '')}".removeprefix("https://")
        token = [f"Authorization: Bearer {self.token}"] if self.token else []
        return [f"Host: {host}", f"Origin: https://{host}", *token]

    @property
    def way(self) -> str:
        """What is attacked, as the name of a folder."""
        return f"{self.who}-api" if self.token else self.who


def program(tool: str, package: str) -> Path:
    """The tool's own program; installed where it is not yet, in the version that is pinned."""
    folder = TOOLS / package
    found = folder / "bin" / tool
    if not found.exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", package]
        subprocess.run(install, check=True)
    return found


def run(command: Sequence[object], log: Path, seconds: float) -> str:
    """What a tool says until it ends, or is ended. A home of its own, as some write there."""
    environment = os.environ | {"HOME": str(log.parent), "TERM": "dumb"}
    with log.open("wb") as output:
        words = [str(word) for word in command]
        tool = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
        try:
            tool.wait(seconds)
        except subprocess.TimeoutExpired:
            tool.kill()
            tool.wait()
    return log.read_text(errors="replace")


# --- Signing in -----------------------------------------------------------------------------------------------------


def ask(site: Site, method: str, path: str, cookie: str = "", **fields: str) -> tuple[HTTPResponse, str]:
    """An answer of acme's, and its page."""
    origin = site.at("acme", "")
    headers = {"Host": origin.removeprefix("https://"), "Origin": origin, "Cookie": cookie}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    connection = site.connection()
    try:
        connection.request(method, path, urlencode(fields) or None, headers)
        response = connection.getresponse()
        return response, response.read().decode(errors="replace")
    finally:
        connection.close()


def sign_in(site: Site, who: str) -> str:
    """The Cookie header of a person's browser; a visitor has one too, for forms. Raises Blind if it does not work."""
    page, form = ask(site, "GET", "/account/login/")
    cookie = cookies_of(page)
    if who == "visitor":
        return cookie
    token = re.findall(rf'{TOKEN}" value="(\w+)"', form)[0]
    cookie = cookies_of(ask(site, "POST", "/account/login/", cookie, login=who, password=PASSWORD, **{TOKEN: token})[0])
    check(site, who, cookie)
    return cookie


def token_of(site: Site, who: str, cookie: str) -> str:
    """A new API token with all scopes, made on the member's page. Raises Blind if that fails."""
    form = ask(site, "GET", "/account/api/new/", cookie)[1]
    csrf = re.findall(rf'{TOKEN}" value="(\w+)"', form)[0]
    fields = {"name": "Attacker", "scopes": "write", "expires": "30", TOKEN: csrf}
    found = re.search(r"tnt_\w{44}", ask(site, "POST", "/account/api/new/", cookie, **fields)[1])
    if found is None:
        raise Blind(f"{who} was given no token of the API.")
    return found[0]


def cookies_of(response: HTTPResponse) -> str:
    pairs = [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie") or []]
    return "; ".join(pair for pair in pairs if pair.startswith("__Host-"))


def check(site: Site, who: str, cookie: str) -> None:
    """Raises Blind if the session is not the member's, or has ended."""
    where = ask(site, "GET", "/profile/", cookie)[0].getheader("Location", "")
    if who != "visitor" and where != f"/people/{who}/":
        raise Blind(f"{who} is not signed in: /profile/ leads to {where!r}.")


# --- What the server says -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Traffic:
    """What was asked of the server, by its log; `taken` are the forms that it did not refuse."""

    requests: int
    taken: int
    faults: list[str]


def traffic(site: Site, since: int, below: str = "/") -> Traffic:
    """Since so many bytes of the log. Raises Blind if all that was posted below this path was refused, as with a wrong
    token.
    """
    with (site.folder / "server.log").open("rb") as log:
        log.seek(since)
        lines = re.findall(rb'"(\w+) (\S+) HTTP/1.1" (\d{3}) ', log.read())
    found = [(method.decode(), path.decode(errors="replace"), int(status)) for method, path, status in lines]
    posted = [(path, status) for method, path, status in found if method == "POST" and path.startswith(below)]
    taken = sum(status not in (401, 403, 405) for _path, status in posted)
    if not taken:
        raise Blind(f"Nothing that was posted below {below} was taken.")
    return Traffic(
        requests=len(found),
        taken=taken,
        faults=[f"{method} {path} {status}" for method, path, status in found if status >= 500],
    )


def log_size(site: Site) -> int:
    return (site.folder / "server.log").stat().st_size


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
