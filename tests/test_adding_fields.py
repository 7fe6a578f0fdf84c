"""docs/capabilities.md, "Adding fields": its two apps, written word for word, do what the text says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = re.compile(r"^```python\n# (\w+/\w+\.py)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECTION = (ROOT / "docs" / "capabilities.md").read_text().partition("### Adding fields")[2].partition("\n### ")[0]
SETTINGS = """
from config import product
product.ADDED = ["badges", "customers"]
from tests.settings import *
DATABASES["default"]["TEST"] = {"NAME": "test_adding_fields"}
"""
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", "pyproject.toml"]
TESTS = """
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from badges import numbers as badges
from badges.models import Badge
from customers import numbers as customers
from customers.models import Customer
from profiles.models import User
from tenants.context import public, within
from tenants.models import Tenant


def test_a_new_user_has_a_row_of_their_own(acme, globex):
    with within(acme):
        user = User.objects.create_user("nora", "nora@acme.example", id=9001)
        assert Badge.objects.get(pk=9001).user == user
        user.save()
    with within(globex):
        assert not Badge.objects.filter(pk=9001).exists()


def test_all_users_are_read_by_one_statement(acme):
    with within(acme):
        Badge.objects.filter(user__username="owner").update(number="A 7")
        Badge.objects.get(user__username="reader").delete()
        with CaptureQueriesContext(connection) as sent:
            numbers = badges.numbers()
        assert len(numbers) > 2
        assert (numbers["owner"], "reader" in numbers, len(sent)) == ("A 7", False, 1)
        with pytest.raises(Badge.DoesNotExist):
            User.objects.get(username="reader").badge


@pytest.mark.parametrize("number", ["C 1", ""])
def test_the_verb_makes_the_row_of_a_tenant_and_changes_it(acme, globex, number):
    with within(acme):
        customers.set_number(acme, "C 0")
        customers.set_number(acme, number)
        assert customers.numbers() == {"acme": number}
    customers.set_number(globex, "C 2")
    with CaptureQueriesContext(connection) as sent:
        assert customers.numbers() == {"acme": number, "globex": "C 2"}
    assert len(sent) == 1
"""


@pytest.mark.slow
def test_the_examples_do_what_the_text_says(tmp_path: Path) -> None:
    apps = dict(FILE.findall(SECTION))
    assert len(apps) == SECTION.count("```python") == 7
    made = {
        f"{app}/{name}": "" for app in ("badges", "customers") for name in ("__init__.py", "migrations/__init__.py")
    }
    for name, text in {**made, **apps, "own_settings.py": SETTINGS, "test_fields.py": TESTS}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for command in (
        ["manage.py", "makemigrations", "badges", "customers"],
        # With conftest.py, which brings the two organisations.
        ["-m", "pytest", *OPTIONS, "conftest.py", str(tmp_path)],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
