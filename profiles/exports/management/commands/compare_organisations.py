"""Proves that two organisations, or an organisation and its export, have the same rows and files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.exports import passphrase
from profiles.exports.comparing import Side, differences, of_file, of_organisation
from profiles.exports.opening import opened_path
from profiles.exports.verifying import Unreadable, problems
from tenants.management.inside import organisation_named


class Command(BaseCommand):
    help = (
        "Compares two organisations, each named by its slug or by the file of an export: every row, file and sequence. "
        "If one of them is a file without secrets, secrets are not compared."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("one", metavar="ONE", help="A slug, a schema name, or a file.")
        parser.add_argument("other", metavar="OTHER", help="The same.")
        passphrase.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["one"], options["other"]]
        files = {name: self.file(name, options["passphrase_file"]) for name in names if Path(name).is_file()}
        with_secrets = all(side.with_secrets for side in files.values())
        one, other = (files.get(name) or self.organisation(name, with_secrets=with_secrets) for name in names)
        if one.with_secrets != other.with_secrets:
            raise CommandError("One of the files has secrets, and the other has none: they cannot be the same.")
        if found := list(differences(one, other)):
            for name, here, there in found:
                self.stdout.write(f"{name}: {here or 'not there'} / {there or 'not there'}")
            raise CommandError(f"{names[0]} and {names[1]} differ in {len(found)} of {len(one.things)} things.")
        self.stdout.write(f"{names[0]} and {names[1]} are the same in {len(one.things)} things.")

    def organisation(self, name: str, *, with_secrets: bool) -> Side:
        return of_organisation(organisation_named(name), with_secrets=with_secrets)

    def file(self, name: str, passphrase_file: str | None) -> Side:
        try:
            with opened_path(Path(name), passphrase_file) as (package, manifest):
                if found := [problem for problem in problems(package, manifest) if "sum" in problem.kind]:
                    raise CommandError(f"{name}: {found[0].about} has a wrong sum.")
                return of_file(package, manifest)
        except Unreadable as error:
            raise CommandError(f"{name}: {error}") from error
