"""A worker knows every job as soon as it starts: one that it does not know waits for another worker, in vain."""

import subprocess
import sys

from django.conf import settings

# In a fresh process, since other tests have imported all pages. A worker imports no page before it needs a link.
FIND = """
import os
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from procrastinate.contrib.django import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
app.perform_import_paths()
known = set(app.tasks)
root = Path.cwd()
for config in apps.get_app_configs():
    folder = Path(config.path)
    if root in folder.parents and "site-packages" not in folder.parts:
        for file in folder.rglob("*.py"):
            # Of apps inside of this one, some may be taken out.
            app_folder = next(parent for parent in file.parents if parent == folder or (parent / "apps.py").exists())
            if app_folder == folder and "task(" in file.read_text() and "tests" not in file.parts:
                import_module(".".join(file.relative_to(root).with_suffix("").parts))
for name in sorted(set(app.tasks) - known):
    print(f"Import the module with the job {name} in the module `tasks` of its app.")
"""


def test_a_fresh_worker_knows_every_job():
    found = subprocess.run(
        [sys.executable, "-c", FIND], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (found.stdout, found.returncode) == ("", 0), found.stderr
