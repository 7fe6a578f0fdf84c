"""manage.py start_feature notes Note title:char text:text due:date author:user"""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from profiles.generator.fields import KINDS, BadField, read
from profiles.generator.steps import check_is_free, check_pages_are_free, manage, tidy
from profiles.generator.writing import Feature, check_model, register, write


class Command(BaseCommand):
    help = (
        "Writes an app of your own with a model, its pages, rights, tests and migration, and adds it to "
        "config/product.py. `make check` and `make test` pass right after it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="The app, in the plural: notes")
        parser.add_argument("model", help="The model, in the singular: Note")
        parser.add_argument(
            "fields",
            nargs="+",
            metavar="name:type",
            help=f"The fields, a char first: title:char due:date author:user. Types: {', '.join(KINDS)}, user.",
        )
        parser.add_argument(
            "--public", action="store_true", help="On the public site, in the schema public, outside organisations."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        try:
            fields, author = read(options["fields"])
            feature = Feature(app=options["app"], model=options["model"], fields=fields, author=author)
            check_is_free(feature.app, root)
            where = settings.PUBLIC_SCHEMA_URLCONF if options["public"] else settings.ROOT_URLCONF
            check_pages_are_free(feature.app, feature.model.lower(), where)
            skeleton = "public" if options["public"] else "tenant"
            check_model(feature, skeleton)
            files = self.write(feature, root, skeleton)
        except BadField as error:
            raise CommandError(str(error)) from error
        for path in files:
            self.stdout.write(f"  {path.relative_to(root)}")
        self.stdout.write(f"\n{feature.app} is written, and added to config/product.py. Next: manage.py migrate")

    def write(self, feature: Feature, root: Path, skeleton: str) -> list[Path]:
        """Write all files, or none."""
        product = root / "config" / "product.py"
        before = product.read_text()
        try:
            write(feature, skeleton, root / feature.app)
            register(feature.app, product)
            manage("makemigrations", feature.app)
            tidy(root / feature.app)
        except BaseException:
            shutil.rmtree(root / feature.app, ignore_errors=True)
            product.write_text(before)
            raise
        return sorted(path for path in (root / feature.app).rglob("*") if path.suffix in (".py", ".html", ".txt"))
