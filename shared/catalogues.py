"""Translation catalogues: each app has its own, in its locale/ folder, so that they move with the app."""

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

# A sed script from British to American spelling, which makes the catalogue of "en_US". Placeholders do not change.
AMERICAN = "s/rganis/rganiz/g; s/ecognis/ecogniz/g; s/olour/olor/g; s/ustomis/ustomiz/g; s/%(organiz/%(organis/g"

# This header changes at each run, so branches would conflict in it.
CREATED = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)

# Django has no plural rule for this locale.
ENGLISH_PLURAL = "nplurals=2; plural=(n != 1);"


def folders() -> list[Path]:
    """The folders of our own apps, including capabilities and the product's apps."""
    paths = (Path(app.path) for app in apps.get_app_configs())
    return sorted(path for path in paths if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts)


def inner(folder: Path) -> list[Path]:
    """The folders of apps inside of an app's, whose sentences are their own: also of those that are taken out."""
    return sorted(path.parent for path in folder.rglob("apps.py") if path.parent != folder)


def languages() -> list[str]:
    """The locales that need a catalogue: those of all languages except LANGUAGE_CODE."""
    return [to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def wording() -> list[Path]:
    """The catalogues that replace sentences of Django and its libraries. They are written by hand."""
    return sorted((settings.BASE_DIR / "config" / "wording").glob("*/LC_MESSAGES/django.po"))


def renew(folder: Path) -> None:
    """Write an app's sentences into its catalogues, and compile them."""
    american = folder / "locale" / "en_US" / "LC_MESSAGES" / "django.po"
    american.unlink(missing_ok=True)  # it is generated again from the sentences
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
        write_compiled(po)


def write_compiled(po: Path) -> None:
    run("msgfmt", "--check-format", "--output-file", po.with_suffix(".mo"), po)


def spell(po: Path) -> None:
    """Fill a catalogue with the untranslated sentences in American spelling."""
    copied = run("msgen", "--no-wrap", po).replace("nplurals=INTEGER; plural=EXPRESSION;", ENGLISH_PLURAL)
    po.write_text(run("msgfilter", "--no-wrap", "--keep-header", "sed", "-e", AMERICAN, stdin=copied))


def missing(folder: Path) -> Iterator[str]:
    """A line for each catalogue of an app with untranslated sentences, which lists them."""
    for po in sorted((folder / "locale").glob("*/LC_MESSAGES/django.po")):
        for state in ("--untranslated", "--only-fuzzy"):
            if found := run("msgattrib", "--no-wrap", "--no-obsolete", state, po):
                yield f"{po.relative_to(settings.BASE_DIR)} ({state[2:]}):\n{found}"


def run(*command: str | Path, stdin: str = "") -> str:
    """Run a program and return its output."""
    return subprocess.run(
        command, input=stdin, capture_output=True, check=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    ).stdout
