"""An app of a product's own brings its facts and its tests along: nothing of Tenantry's is edited."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.without import ROOT

FILES = {
    "{app}/__init__.py": "",
    "{app}/apps.py": """
from shared.capabilities.base import Capability
class Config(Capability):
    name = "{app}"
    tenant_urls = "{app}.urls"
""",
    "{app}/urls.py": """
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("{app}/", lambda request: HttpResponse("{app}"), name="{app}")]
""",
}
FACTS = {
    "notes/testing/access_matrix.txt": """
[organisation]
notes  GET   sign-in  200  200  200  200  sign-in  sign-in
notes  POST  sign-in  200  200  200  200  sign-in  sign-in
""",
    "notes/testing/queries.txt": """
[organisation]
notes  2
""",
    "notes/tests/__init__.py": "",
    "notes/tests/test_notes.py": """
from profiles.testing import SiteClient, needs
@needs("notes")
def test_notes_are_tested(): pass
@needs("clouds")
def test_notes_are_tested_with_clouds(): pass
""",
}
SETTINGS = """
from config import product
product.ADDED = ["notes", "lists"]
from tests.settings import *
"""


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """Two apps, notes and lists, of which notes has told the suite what it has to know."""
    files = {
        name.format(app=app): text.replace("{app}", app) for app in ("notes", "lists") for name, text in FILES.items()
    }
    for name, text in {**files, **FACTS, "own_settings.py": SETTINGS}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.slow
def test_the_suite_takes_its_rows_and_asks_for_those_that_are_missing(product):
    tests = ["tests/test_access_matrix.py", "tests/test_queries.py", str(product / "notes" / "tests")]
    wanted = "every_address_has_a_row or every_page_has_its_number or notes_are_tested"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests, "-k", wanted],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(product)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout
    assert "lists/testing/access_matrix.txt, under [organisation], who may GET and POST: lists" in said, said
    # The other sites, the numbers of queries, and one of the app's own two.
    assert re.search(r"1 failed, [34] passed, 1 skipped", said), said
    assert "notes/testing" not in said
