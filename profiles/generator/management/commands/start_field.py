"""manage.py start_field profile nickname:char"""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from profiles.generator.extending import Extension, extend, read
from profiles.generator.fields import KINDS, BadField
from profiles.generator.steps import check_is_free, check_profile_has_none, manage, tidy
from profiles.generator.writing import SKELETONS, register, write, write_file


class Command(BaseCommand):
    help = (
        "Adds fields to the profile in an app of your own: a model beside it, migrations, a part of the form and of "
        "the page of a person, and tests. Later calls add fields to the same app."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", choices=["profile"])
        kinds = ", ".join(KINDS)
        parser.add_argument("fields", nargs="+", metavar="name:type", help=f"nickname:char. Types: {kinds}.")
        parser.add_argument("--app", default="extras", help="The app for the fields, by default extras.")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        try:
            extension = Extension(app=options["app"], fields=read(options["fields"]))
            models = root / extension.app / "models.py"
            if models.exists():
                self.extend(extension, models)
            else:
                check_is_free(extension.app, root)
                check_profile_has_none(extension.app)
                self.write(extension, root)
        except BadField as error:
            raise CommandError(str(error)) from error
        names = ", ".join(field.name for field in extension.fields)
        self.stdout.write(f"{extension.app}/ has {names}. Next: manage.py migrate")

    def extend(self, extension: Extension, models: Path) -> None:
        """Add the fields and their migration, or nothing."""
        before = models.read_text()
        try:
            extend(extension, models)
            manage("makemigrations", extension.app)
            tidy(models.parent)
        except BaseException:
            models.write_text(before)
            raise

    def write(self, extension: Extension, root: Path) -> None:
        """Write all files, or none."""
        product, folder = root / "config" / "product.py", root / extension.app
        before = product.read_text()
        try:
            write(extension, "profile", folder)
            register(extension.app, product)
            manage("makemigrations", extension.app)
            for path in sorted((SKELETONS / "profile_rows").rglob("*.txt")):
                write_file(path, extension, "profile_rows", folder)
            tidy(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            product.write_text(before)
            raise
