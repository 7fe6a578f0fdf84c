"""`manage.py openapi`: the API's document, or what in it would break the programs of others."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.api.breaking import breaking
from profiles.api.v1 import core_document, document

RELEASED = Path(__file__).parents[2] / "released" / "v1.json"


class Command(BaseCommand):
    help = "Prints the OpenAPI document. With --release, keeps it as what programs may rely on from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--release", action="store_true", help="write it to profiles/api/released/")
        parser.add_argument("--even-if-it-breaks", action="store_true", help="also where it breaks the released one")

    def handle(self, *_args: Any, release: bool, even_if_it_breaks: bool, **_options: Any) -> None:
        if not release:
            self.stdout.write(json.dumps(document(), indent=1))
            return
        found = breaking(released(), core_document()) if RELEASED.exists() else []
        if found and not even_if_it_breaks:
            raise CommandError("\n".join(["It would break programs of others:", *found]))
        RELEASED.write_text(text(core_document()))
        self.stdout.write(f"Released: {RELEASED.name}")


def released() -> dict[str, Any]:
    """The document that programs rely on."""
    return json.loads(RELEASED.read_text())


def text(whole: dict[str, Any]) -> str:
    """Without the product's name, which each product has of its own."""
    return json.dumps({**whole, "info": {"version": whole["info"]["version"]}}, indent=1, sort_keys=True) + "\n"
