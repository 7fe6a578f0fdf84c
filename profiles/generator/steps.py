"""Steps of the commands that write code: check whether a name is available, make migrations, format."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError

from profiles.generator.fields import BadField

PRODUCT = Path(__file__).parents[2]


def check_is_free(app: str, root: Path) -> None:
    """Raises BadField if the name would shadow a module, or is the label of an app, also of one that is taken out.

    Tables of that one may be there still, and its migrations are recorded under its label.
    """
    if (root / app).exists():
        raise BadField(f"There is a folder {app}/ already. Choose another name, or remove the folder.")
    is_taken_out = any((layer / app / "apps.py").exists() for layer in PRODUCT.iterdir())
    if find_spec(app) or app in apps.app_configs or app in sys.stdlib_module_names or is_taken_out:
        raise BadField(f"{app!r} is the name of a Python module, or of an app of this product. Choose another one.")


def manage(*arguments: str) -> None:
    """Run a manage.py command in another process, which loads the new files. Raises CommandError."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CommandError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")


def tidy(folder: Path) -> None:
    """Format like `make format`, if the development tools are installed."""
    if find_spec("ruff"):
        for arguments in (["check", "--select", "I", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([sys.executable, "-m", "ruff", *arguments, str(folder)], check=False)
