"""manage.py start_feature notes Note title:char text:text due:date author:user"""

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from profiles.generator.fields import KINDS, BadField, read
from profiles.generator.writing import Feature, register, write


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
            "--public", action="store_true", help="On the public site, in the schema public: about no organisation."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        try:
            fields, author = read(options["fields"])
            feature = Feature(app=options["app"], model=options["model"], fields=fields, author=author)
            self.check_is_free(feature.app, root)
            files = self.write(feature, root, "public" if options["public"] else "tenant")
        except BadField as error:
            raise CommandError(str(error)) from error
        for path in files:
            self.stdout.write(f"  {path.relative_to(root)}")
        self.stdout.write(f"\n{feature.app} is written, and added to config/product.py. Next: manage.py migrate")

    def check_is_free(self, app: str, root: Path) -> None:
        """Raises BadField if the name would hide a module, or an app has it as its label."""
        from django.apps import apps

        if (root / app).exists():
            raise BadField(f"There is a folder {app}/ already. Choose another name, or remove it.")
        if find_spec(app) or app in apps.app_configs or app in sys.stdlib_module_names:
            raise BadField(
                f"{app!r} is the name of a Python module or of an app that is installed. Choose another one."
            )

    def write(self, feature: Feature, root: Path, skeleton: str) -> list[Path]:
        """All of it, or nothing."""
        product = root / "config" / "product.py"
        before = product.read_text()
        try:
            files = write(feature, skeleton, root / feature.app)
            register(feature.app, product)
            self.run("makemigrations", feature.app)
            self.format(root / feature.app)
        except BaseException:
            shutil.rmtree(root / feature.app, ignore_errors=True)
            product.write_text(before)
            raise
        return [*files, *(root / feature.app / "migrations").glob("*.py")]

    def run(self, *arguments: str) -> None:
        """A manage.py command in a process of its own, which has the new app."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CommandError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")

    def format(self, folder: Path) -> None:
        """As `make format`, where the development tools are installed."""
        if find_spec("ruff"):
            for arguments in (["check", "--select", "I", "--fix", "--quiet"], ["format", "--quiet"]):
                subprocess.run([sys.executable, "-m", "ruff", *arguments, str(folder)], check=False)
