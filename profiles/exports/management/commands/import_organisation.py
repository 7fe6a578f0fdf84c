"""Makes an organisation from the file of an export."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from profiles.exports import passphrase
from profiles.exports.importing import bring_in
from profiles.exports.older import CannotBringAlong
from profiles.exports.opening import opened_path
from profiles.exports.package import Manifest
from profiles.exports.verifying import Problem, Unreadable, problems
from profiles.models import User
from tenants.context import within
from tenants.errors import AddressTaken, TemplateStale
from tenants.notices import notify
from tenants.organisations.sign_up import check_slug
from tenants.schemas.migrating.plan import CannotFollow


class Command(BaseCommand):
    help = (
        "Makes an organisation from the file that export_organisation has written. The file is verified before "
        "anything is written, and what does not fit is listed. Killed at any point, it leaves a whole organisation or "
        "none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="A zip, or a sealed one.")
        parser.add_argument("--as", metavar="SLUG", dest="slug", help="Another address than it had.")
        parser.add_argument("--dry-run", action="store_true", help="Verify and load, and take it all back.")
        parser.add_argument("--tell-owners", action="store_true", help="Notify the owners that it is done.")
        passphrase.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with read(options) as (package, manifest):
            slug = options["slug"] or manifest.organisation["slug"]
            self.refuse([*problems(package, manifest), *address_problems(slug)])
            tenant = load(package, manifest, slug=slug, dry_run=options["dry_run"])
            rows = sum(part.rows for part in manifest.models)
            what = f"{rows} rows and {manifest.files['count']} files"
        if options["dry_run"]:
            self.stdout.write(f"{slug} can be imported: {what}. Nothing is written.")
            return
        if options["tell_owners"]:
            with within(tenant):
                notify(User.objects.owners(), "organisation.imported")
        self.stdout.write(f"{tenant.url()} is imported: {what}.")
        if not manifest.with_secrets:
            self.stdout.write('The file has no passwords. Members set one with "Forgot your password?".')

    def refuse(self, found: list[Problem]) -> None:
        """List the problems, and raise CommandError if there are any."""
        if found:
            widths = [max(len(problem[column]) for problem in found) for column in (0, 1)]
            for kind, about, words in found:
                self.stderr.write(f"{kind:<{widths[0]}}  {about:<{widths[1]}}  {words}")
            raise CommandError("The file does not fit. Nothing is imported.")


@contextmanager
def read(options: dict[str, Any]) -> Iterator[tuple[ZipFile, Manifest]]:
    try:
        with opened_path(Path(options["file"]), options["passphrase_file"]) as found:
            yield found
    except Unreadable as error:
        raise CommandError(f"{options['file']}: {error}") from error


def address_problems(slug: str) -> Iterator[Problem]:
    try:
        check_slug(slug)
    except ValidationError as error:
        yield Problem("address", slug, f"{' '.join(error.messages)} Choose another one: --as SLUG.")


def load(package: ZipFile, manifest: Manifest, **options: Any) -> Any:
    try:
        return bring_in(package, manifest, **options)
    except AddressTaken as error:
        raise CommandError(f"{error} Nothing is imported.") from error
    except (CannotBringAlong, CannotFollow) as error:
        raise CommandError(f"The file is of an older version. {error} Nothing is imported.") from error
    except TemplateStale as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(f"PostgreSQL refuses the rows, and nothing is imported: {error}") from error
