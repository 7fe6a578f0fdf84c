"""The lines of a lock."""

import re
from typing import NamedTuple

from tests.config.conftest import BASE_DIR

LOCKS = ("requirements.txt", "requirements-dev.txt")
# With what builds the documentation, which neither the product nor its tests need.
ALL_LOCKS = (*LOCKS, "docs/requirements.txt")
LINE = re.compile(
    r"""^(?P<name>[\w.-]+)(?P<extras>\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?P<marker>[^\\\n]*)
    (?P<hashes>(?:[ ]*\\\n[ ]*--hash=\S+)+)""",
    re.MULTILINE | re.VERBOSE,
)


class Pin(NamedTuple):
    """A package at the version that a lock names."""

    name: str
    version: str


def text(lock: str) -> str:
    return (BASE_DIR / lock).read_text()


def pins(lock: str) -> list[Pin]:
    """Every package that this lock installs."""
    return [Pin(line["name"], line["version"]) for line in LINE.finditer(text(lock))]


def with_hashes(lock: str, hashes: dict[Pin, str]) -> str:
    """The lock, line by line, with these hashes instead of its own."""

    def rehashed(line: re.Match[str]) -> str:
        own = hashes[Pin(line["name"], line["version"])]
        return f"{line[0].removesuffix(line['hashes'])} --hash=sha256:{own}"

    return LINE.sub(rehashed, text(lock))
