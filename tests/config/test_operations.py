"""Every block of commands in docs/operations.md is run as it is written and in its order, on servers of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from config import brand
from config.bundled.programs import PROGRAMS
from config.bundled.server import PORT, SUPERUSER, Server
from profiles.testing import needs
from tests.config.conftest import BASE_DIR

PAGE = (BASE_DIR / "docs" / "operations.md").read_text()
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
BLOCKS = [text for _indent, language, text in FENCE.findall(PAGE) if language == "console"]
# Commands that need what is not here, and what stands in for each.
NOT_HERE = {
    "EXTENSIONS=vector,pg_trgm manage.py migrate": "EXTENSIONS=vector manage.py migrate  # bundled: no pg_trgm",
}
DUMP = 'pg_dump --dbname="$DATABASE_URL" --role={slug}_owner --format=custom --schema="$SCHEMA" --file=acme.dump'
# What the text around a block asks for, by words that this block alone has.
BEFORE = {
    "createdb": "there",
    "before_$SCHEMA": "here",
    "--set slug=acme": f"manage.py suspend_organisation acme\n{DUMP.format(slug=brand.SLUG)}",
    "--file=acme.sql": "there\nmanage.py remove_organisation acme --release-address --no-input",
    "export_organisation": "here\nmanage.py resume_organisation acme",
    "hold_organisation": "there",
    "removal_certificate": "here",
    "make_operator": "manage.py shell -c 'from tenants.schemas.spares import make_spare; make_spare()'",
}
PASSWORD = "ordinary"


def commands(block: str) -> str:
    """What is typed, with a password where the page has none. `cat FILE` shows the file, which is written first."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines.append(typed(line.removeprefix("$ ")))
        elif line.startswith("> "):
            lines.append(line.removeprefix("> "))
    return "\n".join([*files_shown(block), *lines])


def typed(line: str) -> str:
    return NOT_HERE.get(line, line).replace("PASSWORD=…", f"PASSWORD={PASSWORD}")


def files_shown(block: str) -> list[str]:
    shown = re.findall(r"^\$ cat ([\w.]+)\n((?:(?!\$ ).*\n)+)", block, re.MULTILINE)
    return [f"cat > {name} <<'FILE'\n{content}FILE" for name, content in shown]


def script() -> str:
    parts = []
    for block in BLOCKS:
        asked = [lines for words, lines in BEFORE.items() if words in block]
        parts += [*asked, commands(block)]
    return "\n".join(parts)


def test_what_the_blocks_need_is_known():
    """A block in another language than these would be run by no test."""
    assert {language for _indent, language, _text in FENCE.findall(PAGE)} == {"console", "python"}
    assert {words: sum(words in block for block in BLOCKS) for words in BEFORE} == dict.fromkeys(BEFORE, 1)
    lines = {line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()}
    assert lines >= NOT_HERE.keys(), "What is no longer on the page need not be listed."
    assert "docker" not in script(), "Say in NOT_HERE what stands in for it."


def places(folder: Path, servers: dict[str, Server]) -> str:
    """Two functions of the shell, which set the installation that the next commands are for."""
    return "\n".join(
        f"{name}() {{\n"
        f"export PGHOST={server.socket_folder} MEDIA_ROOT={folder}/{name}/media BACKUP_URL={folder}/{name}/backups\n"
        f"export DATABASE_URL=postgres://{brand.SLUG}@{quote(str(server.socket_folder), safe='')}:{PORT}/{brand.SLUG}\n"
        "}"
        for name, server in servers.items()
    )


def lay_out(folder: Path) -> None:
    """The folder in which the commands are typed: the project's, as far as they name its files."""
    python = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
    manage = f'#!/bin/sh\nexec {sys.executable} {BASE_DIR}/manage.py "$@"\n'
    for name, content in {"bin/manage.py": manage, ".venv/bin/python": python}.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
        path.chmod(0o755)
    (folder / "config").symlink_to(BASE_DIR / "config")
    (folder / "manage.py").symlink_to(BASE_DIR / "manage.py")


@pytest.mark.slow
@needs("profiles.exports", "profiles.leaving", "profiles.operators", "profiles.backups", "tenants.files")
def test_every_command_is_run_as_written(folder, environment, server, monkeypatch):
    from tests.storages import client, endpoint

    client().create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    servers = {"here": server, "there": Server(folder / "other")}
    lay_out(folder)
    begin = f"here\ncreatedb {brand.SLUG}\npsql --dbname {brand.SLUG} --quiet --file config/postgres/roles.sql\n"
    told = f"set -euo pipefail\n{places(folder, servers)}\n{begin}manage.py migrate --verbosity 0\n{script()}\n"
    try:
        for each in servers.values():
            each.ensure_running()
        done = subprocess.run(
            ["bash", "-xc", told],  # noqa: S607  whichever bash is on PATH
            cwd=folder,
            env=environment
            | {
                "PATH": f"{folder}/bin:{PROGRAMS}:{os.environ['PATH']}",
                "PGUSER": SUPERUSER,
                "BASE_URL": "https://example.com",
                "AWS_ENDPOINT_URL": endpoint(),
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
            },
            input="acme\n",
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
    finally:
        servers["there"].stop()
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
