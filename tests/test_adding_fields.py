"""What `start_field` writes beside users and tenants: its own tests pass, with a field of each type."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from profiles.generator.extending import EXTENDABLE, Extension, read
from profiles.generator.fields import KINDS
from profiles.generator.writing import files, write, write_file

ROOT = Path(__file__).parents[1]
SETTINGS = """
from config import product
product.ADDED = ["user_extras", "tenant_extras"]
from tests.settings import *
DATABASES["default"]["TEST"] = {"NAME": "test_adding_fields"}
"""
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", "pyproject.toml"]


@pytest.mark.slow
def test_what_is_written_passes_its_tests(tmp_path: Path) -> None:
    def run(*command: str) -> str:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "own_settings.py").write_text(SETTINGS)
    written = [
        (kind, Extension(app=kind.app, fields=read([f"a_{each}:{each}" for each in KINDS])))
        for kind in (EXTENDABLE["user"], EXTENDABLE["tenant"])
    ]
    for kind, extension in written:
        write(extension, kind.skeleton, tmp_path / kind.app)
    run("manage.py", "makemigrations", *(kind.app for kind, _ in written))
    for kind, extension in written:
        for path in files(f"{kind.skeleton}_rows"):
            write_file(path, extension, f"{kind.skeleton}_rows", tmp_path / kind.app)
    # With conftest.py, which brings the two organisations.
    assert "7 passed" in run("-m", "pytest", *OPTIONS, "conftest.py", str(tmp_path))
