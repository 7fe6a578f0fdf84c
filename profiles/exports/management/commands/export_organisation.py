"""Writes an organisation into a file."""

from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from profiles.exports import passphrase
from profiles.exports.exporting import export
from profiles.exports.package import Manifest
from profiles.exports.sealing import Sealer
from tenants.context import within
from tenants.management.inside import organisation_named


class Command(BaseCommand):
    help = (
        "Writes an organisation's rows and files into a zip. With --with-secrets, for a move, password hashes, tokens "
        "and second factors are in it too, and the file is encrypted with a passphrase."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", metavar="SLUG", help="Its slug or schema name.")
        parser.add_argument("--output", metavar="FILE", help="Where to. Otherwise SLUG.zip, or SLUG.sealed.")
        parser.add_argument("--with-secrets", action="store_true", help="Everything, for a move; encrypted.")
        passphrase.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = organisation_named(options["organisation"])
        with_secrets = options["with_secrets"]
        words = passphrase.asked(options["passphrase_file"], twice=True) if with_secrets else ""
        path = Path(options["output"] or f"{tenant.slug}.{'sealed' if with_secrets else 'zip'}")
        try:
            with path.open("xb") as out, within(tenant):
                manifest = written(out, words)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. Name another file: --output FILE.") from error
        except BaseException:
            path.unlink(missing_ok=True)  # An incomplete file.
            raise
        rows = sum(part.rows for part in manifest.models)
        self.stdout.write(
            f"{path}: {rows} rows, {manifest.files['count']} files, {filesizeformat(path.stat().st_size)}."
        )
        if manifest.left_out:
            self.stdout.write(f"Not in it: {', '.join(manifest.left_out)}.")


def written(out: IO[bytes], words: str) -> Manifest:
    if not words:
        return export(out)
    with Sealer(out, words) as sealed:
        return export(sealed, with_secrets=True)  # type: ignore[arg-type]  # it can be written to
