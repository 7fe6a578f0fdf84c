"""The templates of mails and of error pages, wherever the installed apps have them."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.template import engines

SUBJECT = "_subject.txt"
# allauth's own templates, which ours replace or which are not sent.
LIBRARIES = "site-packages"


def folders() -> Iterator[Path]:
    """Where templates are looked for, libraries' left out."""
    engine: Any = engines["django"]
    loaders = chain.from_iterable(getattr(each, "loaders", [each]) for each in engine.engine.template_loaders)
    found = chain.from_iterable(map(Path, each.get_dirs()) for each in loaders)
    return (folder for folder in dict.fromkeys(found) if LIBRARIES not in folder.parts)


@cache
def mails() -> tuple[str, ...]:
    """Each by its name, such as "profiles/mail/welcome"."""
    found = ((folder, path) for folder in folders() for path in folder.rglob(f"*{SUBJECT}"))
    return tuple(sorted({str(path.relative_to(folder)).removesuffix(SUBJECT) for folder, path in found}))


@cache
def errors() -> tuple[str, ...]:
    """Each template that is an error page."""
    found = ((folder, path) for folder in folders() for path in folder.rglob("*.html"))
    return tuple(
        sorted(
            str(path.relative_to(folder))
            for folder, path in found
            if '{% extends "shared/error.html" %}' in path.read_text()
        )
    )
