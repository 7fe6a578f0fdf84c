"""`make rename NAME="Nightlight" SLUG=nightlight DOMAIN=nightlight.example`: gives a clone its own name.

    python -m config.rename Nightlight nightlight nightlight.example

It changes only the lines below, so that merges from upstream conflict nowhere else. It can be run again, with the same
name or another one.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Upstream's name, which a clone has until it is renamed.
FIRST_NAME = "Tenantry"
# Names of PostgreSQL's own databases and roles, and reserved words, which would need quoting.
TAKEN = frozenset({"all", "none", "postgres", "public", "root", "system", "template0", "template1", "user"})
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

# Each pattern has one group, named name, slug or domain, whose text is replaced.
LINES = {
    "config/brand.py": [
        r'^NAME = "(?P<name>.*)"$',
        r'^SLUG = "(?P<slug>.*)"$',
        r'^DOMAIN = "(?P<domain>.*)"$',
    ],
    "pyproject.toml": [r'^name = "(?P<slug>.*)"$'],
    "docker-compose.yml": [
        r"^# (?P<name>.+) in production: PostgreSQL",
        r"^name: (?P<slug>\S+)$",
        r"^x-app: &app\n(?:  .*\n)*?  image: (?P<slug>\S+)$",
        r"^    DATABASE_URL: postgres://(?P<slug>[^:]+):",
        r"^    DATABASE_URL: .*@postgres:5432/(?P<slug>\S+)$",
        r"^      DATABASE_URL: postgres://(?P<slug>[^:]+)_web:",
        r"^      DATABASE_URL: .*@postgres:5432/(?P<slug>\S+)$",
        r"^      POSTGRES_DB: (?P<slug>\S+)$",
        r"pg_isready, .*--username=(?P<slug>[^,]+),",
        r"pg_isready, .*--dbname=(?P<slug>[^\]]+)\]",
    ],
    "Dockerfile": [r"^RUN useradd .* (?P<slug>\S+)$"],
    "config/postgres/roles.sql": [
        r"^-- The database roles of (?P<name>.+), made once on a server",
        r" --dbname (?P<slug>\S+) --file config/postgres/roles\.sql$",
        r"roles `(?P<slug>\w+)_owner`",
        r"and `(?P<slug>\w+)_app`",
        r"the login `(?P<slug>\w+)`",
        r"^    \\set login (?P<slug>\S+)$",
        r"^    \\set prefix (?P<slug>\S+)$",
    ],
    "docker-compose.citus.yml": [
        r"^    POSTGRES_DB: (?P<slug>\S+)$",
        r"pg_isready, .*--dbname=(?P<slug>[^\]]+)\]",
        r"^      - --dbname=(?P<slug>\S+)$",
        r"^      host  all (?P<slug>\w+)_owner ",
        r"^      host  all (?P<slug>\w+),\w+_web,postgres ",
        r"^      host  all \w+,(?P<slug>\w+)_web,postgres ",
    ],
    "SECURITY.md": [r"<security@(?P<domain>[^>]+)>"],
    ".devcontainer/devcontainer.json": [r'^  "name": "(?P<name>.*)",$', r'"label": "(?P<name>.+): http://localhost'],
}


class BadName(ValueError):
    """A name is invalid. The message is a sentence."""


@dataclass(frozen=True)
class Names:
    """The product's names. Raises BadName for invalid ones."""

    name: str
    slug: str
    domain: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\W_]([\w .&+'’-]{0,48}[\w.+])?", self.name):
            raise BadName(
                f"NAME is {self.name!r}. It is the product's name for people, such as Nightlight: up to 50 letters, "
                "digits and spaces."
            )
        if not re.fullmatch(r"[a-z][a-z0-9]{1,19}", self.slug):
            raise BadName(
                f"SLUG is {self.slug!r}. It becomes the name of the database and its roles, such as nightlight: "
                "2 to 20 lower case letters and digits, a letter first."
            )
        if self.slug in TAKEN or self.slug.startswith("pg"):
            raise BadName(f"SLUG is {self.slug!r}, which is reserved in PostgreSQL. Choose another one.")
        if len(self.domain) > 200 or not re.fullmatch(rf"({LABEL}\.)+{LABEL}", self.domain):
            raise BadName(
                f"DOMAIN is {self.domain!r}. It is the product's host name, such as nightlight.example: "
                "without https://, without a path, in lower case."
            )


def rename(names: Names, root: Path, *, readme: bool = True) -> list[str]:
    """Change all files, or none; returns those that changed. Raises BadName if a line is missing."""
    before = {path: (root / path).read_text() for path in [*LINES, "README.md"]}
    after = {path: filled(before[path], path, names) for path in LINES}
    if readme:
        after["README.md"] = headed(before["README.md"], names, called(before["config/brand.py"]))
    changed = [path for path in after if after[path] != before[path]]
    for path in changed:
        (root / path).write_text(after[path])
    return changed


def filled(text: str, path: str, names: Names) -> str:
    """A file's text with the names inserted."""
    for pattern in LINES[path]:
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if len(found) != 1:
            raise BadName(
                f"{path} has {len(found)} matches of {pattern!r} instead of one. Change the names there by hand."
            )
        [(group, _old)] = found[0].groupdict().items()
        start, end = found[0].span(group)
        text = text[:start] + asdict(names)[group] + text[end:]
    return text


def called(brand: str) -> str:
    """The present name."""
    found = re.search(LINES["config/brand.py"][0], brand, re.MULTILINE)
    return found["name"] if found else ""


def headed(text: str, names: Names, until_now: str) -> str:
    """README.md with the product's name. If it begins with another title, it is the product's own, and is not changed.

    Only the first lines are replaced, so that upstream's changes below merge without conflict.
    """
    first, _, rest = text.partition("\n")
    if first != f"# {until_now}" or until_now == names.name:
        return text
    if until_now == FIRST_NAME:
        rest = "".join(f"{line}\n" for line in introduction(names.name)) + rest
    else:
        rest = rest.replace(f"\n{until_now} is built on", f"\n{names.name} is built on", 1)
    return f"# {names.name}\n{rest}"


def introduction(name: str) -> Iterator[str]:
    yield ""
    yield f"{name} is built on [{FIRST_NAME}](docs/design.md): [capabilities](docs/capabilities.md),"
    yield "[operations](docs/operations.md), [upgrading](docs/upgrading.md). What follows describes it. Write here what"
    yield f"{name} is."


def main() -> int:
    parser = argparse.ArgumentParser(prog="make rename", description=__doc__.partition("\n")[0])
    for word, meaning in (("name", "for people"), ("slug", "of database, roles and image"), ("domain", "of the site")):
        parser.add_argument(word, help=meaning)
    parser.add_argument("--not-readme", dest="readme", action="store_false", help="leave README.md as it is")
    typed = vars(parser.parse_args())
    try:
        changed = rename(Names(typed["name"], typed["slug"], typed["domain"]), ROOT, readme=typed["readme"])
    except BadName as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in changed:
        print(f"  {path}")
    print(
        f"This is {typed['name']}. Next: TAGLINE and legal pages in config/brand.py, colours in "
        "shared/static/shared/css/tokens.css, the mark in shared/static/shared/img/mark.svg. Then "
        "`.venv/bin/python -m tests.browser.pictures social` takes the picture that other sites show beside a link."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
