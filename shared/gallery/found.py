"""Finds the templates of mails and error pages in all installed apps."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.template import engines

SUBJECT = "_subject.txt"
# allauth's own templates, which ours replace, or which are never sent.
LIBRARIES = "site-packages"


def folders() -> Iterator[Path]:
    """The template folders, without those of libraries."""
    engine: Any = engines["django"]
    loaders = chain.from_iterable(getattr(each, "loaders", [each]) for each in engine.engine.template_loaders)
    found = chain.from_iterable(map(Path, each.get_dirs()) for each in loaders)
    return (folder for folder in dict.fromkeys(found) if LIBRARIES not in folder.parts)


@cache
def mails() -> tuple[str, ...]:
    """The names of all mails, such as "profiles/mail/welcome"."""
    found = ((folder, path) for folder in folders() for path in folder.rglob(f"*{SUBJECT}"))
    return tuple(sorted({str(path.relative_to(folder)).removesuffix(SUBJECT) for folder, path in found}))


@cache
def errors() -> tuple[str, ...]:
    """The names of all error page templates."""
    found = ((folder, path) for folder in folders() for path in folder.rglob("*.html"))
    return tuple(
        sorted(
            str(path.relative_to(folder))
            for folder, path in found
            if '{% extends "shared/error.html" %}' in path.read_text()
        )
    )
