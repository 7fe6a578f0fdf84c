"""manage.py start_field profile nickname:char"""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from profiles.generator.extending import EXTENDABLE, Extendable, Extension, extend, read
from profiles.generator.fields import KINDS, BadField
from profiles.generator.steps import check_has_none, check_is_free, manage, tidy
from profiles.generator.writing import files, register, write, write_file


class Command(BaseCommand):
    help = (
        "Adds fields to the profile, to users or to tenants in an app of your own: a model beside theirs, migrations, "
        "tests; for the profile a part of the form and of the page of a person. Later calls add fields to the same app."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", choices=EXTENDABLE)
        kinds = ", ".join(KINDS)
        parser.add_argument("fields", nargs="+", metavar="name:type", help=f"nickname:char. Types: {kinds}.")
        apps = ", ".join(f"{kind.app} for {model}" for model, kind in EXTENDABLE.items())
        parser.add_argument("--app", help=f"The app for the fields, by default {apps}.")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        try:
            kind = EXTENDABLE[options["model"]]
            extension = Extension(app=options["app"] or kind.app, fields=read(options["fields"]))
            models = root / extension.app / "models.py"
            if models.exists():
                self.extend(extension, kind, models)
            else:
                check_is_free(extension.app, root)
                check_has_none(options["model"], extension.app)
                self.write(extension, kind, root)
        except BadField as error:
            raise CommandError(str(error)) from error
        names = ", ".join(field.name for field in extension.fields)
        self.stdout.write(f"{extension.app}/ has {names}. Next: manage.py migrate")

    def extend(self, extension: Extension, kind: Extendable, models: Path) -> None:
        """Add the fields and their migration, or nothing."""
        before = models.read_text()
        try:
            extend(extension, kind, models)
            manage("makemigrations", extension.app)
            tidy(models.parent)
        except BaseException:
            models.write_text(before)
            raise

    def write(self, extension: Extension, kind: Extendable, root: Path) -> None:
        """Write all files, or none."""
        product, folder = root / "config" / "product.py", root / extension.app
        before = product.read_text()
        try:
            write(extension, kind.skeleton, folder)
            register(extension.app, product)
            manage("makemigrations", extension.app)
            rows = f"{kind.skeleton}_rows"  # A tenant's row is made when a field is.
            for path in files(rows):
                write_file(path, extension, rows, folder)
            tidy(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            product.write_text(before)
            raise
