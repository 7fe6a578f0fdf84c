"""Steps of the commands that write code: check whether a name is available, make migrations, format."""

import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.urls import Resolver404, get_resolver, resolve

from profiles.generator.fields import BadField
from profiles.models import Profile, User
from tenants.models import Tenant

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


def check_pages_are_free(app: str, model: str, urlconf: str) -> None:
    """Raises BadField if an address, or the name of one, is that of another page."""
    names = {app, model, *(f"{verb}_{model}" for verb in ("new", "edit", "delete"))}
    if taken := sorted(names & {name for name in get_resolver(urlconf).reverse_dict if isinstance(name, str)}):
        raise BadField(f"A page is called {taken[0]!r} already. Choose other names for the app and the model.")
    path = f"/{app.replace('_', '-')}/"
    with suppress(Resolver404):
        resolve(path, urlconf)
        raise BadField(f"There is a page at {path} already. Choose another name for the app.")


def check_has_none(model: str, app: str) -> None:
    """Raises BadField if a profile, user or tenant has something of this name, as it gets for the app's fields."""
    if hasattr({"profile": Profile, "user": User, "tenant": Tenant}[model], app):
        raise BadField(f"A {model} has something with the name {app!r} already. Choose another name for the app.")


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
