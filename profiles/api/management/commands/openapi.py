"""`manage.py openapi`: prints the API's document, or the changes in it that break existing programs."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.api.breaking import breaking
from profiles.api.v1 import document, documents

PROSE = ("title", "summary", "description")


class Command(BaseCommand):
    help = "Prints the OpenAPI document. With --release, keeps it as what programs may rely on from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--release", action="store_true", help="write it to released/ of the app of each operation")
        parser.add_argument("--even-if-it-breaks", action="store_true", help="also where it breaks the released one")

    def handle(self, *_args: Any, release: bool, even_if_it_breaks: bool, **_options: Any) -> None:
        if not release:
            self.stdout.write(json.dumps(document(), indent=1))
            return
        present = documents()
        found = [each for path, new in present.items() if path.exists() for each in breaking(released(path), new)]
        if found and not even_if_it_breaks:
            raise CommandError("\n".join(["It would break programs of others:", *found]))
        for path, new in present.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text(new))
            self.stdout.write(f"Released: {path.relative_to(settings.BASE_DIR)}")


def released(path: Path) -> dict[str, Any]:
    """The released document, of the core or of an app."""
    return json.loads(path.read_text())


def text(whole: dict[str, Any]) -> str:
    """The document without texts for people: they break nothing, and each product has its own name."""
    return json.dumps(without_prose(whole), indent=1, sort_keys=True) + "\n"


def without_prose(part: Any) -> Any:
    if isinstance(part, list):
        return [without_prose(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {name: each for name, each in part.items() if not (name in PROSE and isinstance(each, str))}
    return {name: without_prose(each) for name, each in kept.items()}
