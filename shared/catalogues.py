"""Catalogues of translations: each app has its own, under locale/, so that they go where the app goes."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import to_locale

# British to American spelling, as sed writes it; placeholders stay. The catalogue of "en_US" is made by it.
AMERICAN = "s/rganis/rganiz/g; s/ecognis/ecogniz/g; s/olour/olor/g; s/ustomis/ustomiz/g; s/%(organiz/%(organis/g"

# Another one at each run, over which branches would conflict.
CREATED = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)

# Django knows no plural of this locale.
ENGLISH_PLURAL = "nplurals=2; plural=(n != 1);"


def folders() -> list[Path]:
    """The folders of our own apps, capabilities and the product's too."""
    paths = (Path(app.path) for app in apps.get_app_configs())
    return sorted(path for path in paths if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts)


def inner(folder: Path) -> list[Path]:
    """The folders of apps inside of an app's, whose sentences are their own: also of those that are taken out."""
    return sorted(path.parent for path in folder.rglob("apps.py") if path.parent != folder)


def languages() -> list[str]:
    """The locales that need a catalogue: those of all languages but the one that the code is written in."""
    return [to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def renew(folder: Path) -> None:
    """Write what an app says into its catalogues, and compile them."""
    american = folder / "locale" / "en_US" / "LC_MESSAGES" / "django.po"
    american.unlink(missing_ok=True)  # it is made anew from the sentences
    (folder / "locale").mkdir(exist_ok=True)
    others = [f"{each.relative_to(folder)}/*" for each in inner(folder)]
    with chdir(folder):
        call_command(
            "makemessages",
            locale=languages(),
            extensions=["html", "txt", "py"],
            ignore_patterns=["migrations/*", "*/skeleton/*", "skeleton/*", *others],
            no_wrap=True,
            no_obsolete=True,
            add_location="file",
            verbosity=0,
        )
    for po in sorted((folder / "locale").glob("*/LC_MESSAGES/django.po")):
        if po == american:
            spell(po)
        po.write_text(CREATED.sub("", po.read_text()))
        run("msgfmt", "--check-format", "--output-file", po.with_suffix(".mo"), po)


def spell(po: Path) -> None:
    """Fill a catalogue with the sentences as they are, in American spelling."""
    copied = run("msgen", "--no-wrap", po).replace("nplurals=INTEGER; plural=EXPRESSION;", ENGLISH_PLURAL)
    po.write_text(run("msgfilter", "--no-wrap", "--keep-header", "sed", "-e", AMERICAN, stdin=copied))


def missing(folder: Path) -> Iterator[str]:
    """A line for each catalogue of an app in which sentences are not translated, with those sentences."""
    for po in sorted((folder / "locale").glob("*/LC_MESSAGES/django.po")):
        for state in ("--untranslated", "--only-fuzzy"):
            if found := run("msgattrib", "--no-wrap", "--no-obsolete", state, po):
                yield f"{po.relative_to(settings.BASE_DIR)} ({state[2:]}):\n{found}"


def run(*command: str | Path, stdin: str = "") -> str:
    """What a program of GNU gettext writes."""
    return subprocess.run(
        command, input=stdin, capture_output=True, check=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    ).stdout
