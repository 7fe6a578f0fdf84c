"""`make upgrade`: merges a release whose lines beside the names have changed, without a conflict."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from config import brand
from config.rename import FIRST_NAME, LINES, rename
from config.upgrade import TENANTRY, present
from tests.config.conftest import BASE_DIR
from tests.config.test_rename import NIGHTLIGHT

# Of files that each product edits, so that a change of upstream's would be a conflict of every product.
AS_THEY_ARE = {
    "config/brand.py": "2d33071c166a",
    "config/plans.py": "c7c4270706f0",
    "config/product.py": "fa40fd534fe3",
}
PERSON = {
    f"GIT_{role}_{word}": "nina@nightlight.example" for role in ("AUTHOR", "COMMITTER") for word in ("NAME", "EMAIL")
}


def git(folder: Path, *words: str) -> None:
    command = ["git", *words]
    subprocess.run(command, cwd=folder, env=os.environ | PERSON, check=True, capture_output=True)


def edit(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))
    git(folder, "commit", "--all", "--message", "Edit a line")


def upgrade(product: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.upgrade", *words]
    return subprocess.run(command, cwd=product, env=os.environ | PERSON, check=False, capture_output=True, text=True)


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """The files that `make rename` changes, with the code that does it."""
    folder = tmp_path / "upstream"
    for path in [*LINES, "README.md", "config/__init__.py", "config/rename.py", "config/upgrade.py"]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BASE_DIR / path, folder / path)
    rename(TENANTRY, folder, readme=False)  # where this is the suite of a product
    (folder / "README.md").write_text(f"# {FIRST_NAME}\n\nA starter.\n")
    (folder / ".gitignore").write_text("__pycache__\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "Begin")
    return folder


@pytest.fixture
def product(upstream: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "product"
    git(tmp_path, "clone", "--quiet", "--origin=upstream", str(upstream), str(folder))
    rename(NIGHTLIGHT, folder)
    git(folder, "commit", "--all", "--message", "Rename")
    return folder


def test_lines_beside_the_names_and_with_them_may_change_upstream(upstream: Path, product: Path) -> None:
    edit(upstream, "Dockerfile", "useradd --system --uid 10001", "useradd --system --uid 10002")
    edit(upstream, "docker-compose.yml", "  build: .\n  image", "  build: ./\n  image")
    edit(upstream, "config/postgres/roles.sql", "a server, before the first", "a server, ahead of the first")
    edit(product, "README.md", "A starter.", "Ours.")
    git(product, "fetch", "upstream")
    done = upgrade(product, "upstream/main")
    assert done.returncode == 0, done.stderr
    assert "--uid 10002" in (product / "Dockerfile").read_text()
    assert "  build: ./\n  image: nightlight\n" in (product / "docker-compose.yml").read_text()
    assert "roles of Nightlight, made once on a server, ahead of" in (product / "config/postgres/roles.sql").read_text()
    assert (product / "README.md").read_text().startswith("# Nightlight\n")
    assert present(product) == NIGHTLIGHT


@pytest.mark.slow
def test_a_conflict_is_left_to_be_resolved_with_the_words_to_type_then(upstream: Path, product: Path) -> None:
    edit(upstream, "Dockerfile", "FROM python:3.13-slim\nENV", "FROM python:3.14-slim\nENV")
    edit(product, "Dockerfile", "FROM python:3.13-slim\nENV", "FROM python:3.12-slim\nENV")
    git(product, "fetch", "upstream")
    done = upgrade(product, "upstream/main")
    assert done.returncode == 1
    assert done.stderr.endswith("make rename NAME=Nightlight SLUG=nightlight DOMAIN=nightlight.example\n")
    git(product, "checkout", "--theirs", "Dockerfile")


def test_work_that_is_not_committed_is_left_alone(product: Path) -> None:
    (product / "Dockerfile").write_text("FROM scratch\n")
    assert upgrade(product, "upstream/main").stderr == "There are uncommitted changes. Commit them first.\n"
    assert (product / "Dockerfile").read_text() == "FROM scratch\n"
    assert "TO=v0.2.0" in upgrade(product).stderr


def test_what_cannot_be_merged_is_said_before_anything_is_changed(upstream: Path, product: Path) -> None:
    other = ["commit-tree", "HEAD^{tree}", "-m", "Another beginning"]
    stranger = subprocess.run(
        ["git", *other],  # noqa: S607
        cwd=product,
        env=os.environ | PERSON,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    said = {
        "v9.9.9": "There is no v9.9.9 here. Fetch it first: git fetch upstream --tags\n",
        "--help": "There is no --help here. Fetch it first: git fetch upstream --tags\n",
        "upstream/main": "upstream/main is merged already.\n",
        stranger: f"{stranger} and this product have no history in common, so git cannot merge them. "
        "See docs/upgrading.md.\n",
    }
    assert {release: upgrade(product, release).stderr for release in said} == said
    assert present(product) == NIGHTLIGHT


def test_where_git_does_not_begin_the_merge_the_product_keeps_its_name(upstream: Path, product: Path) -> None:
    """A file of upstream's would overwrite one that is not tracked."""
    (upstream / "NEW.md").write_text("Theirs.\n")
    git(upstream, "add", "NEW.md")
    git(upstream, "commit", "--message", "Add a file")
    (product / "NEW.md").write_text("Ours.\n")
    git(product, "fetch", "upstream")
    assert upgrade(product, "upstream/main").stderr.endswith("Nothing is merged.\n")
    assert present(product) == NIGHTLIGHT


def test_a_folder_without_history_is_told_so(product: Path) -> None:
    shutil.rmtree(product / ".git")
    assert upgrade(product, "v0.2.0").stderr.startswith("This folder is no clone by git")


@pytest.mark.skipif(brand.NAME != FIRST_NAME, reason="the file is the product's own")
@pytest.mark.parametrize("path", AS_THEY_ARE)
def test_upstream_leaves_alone_what_products_edit(path: str) -> None:
    assert sha256((BASE_DIR / path).read_bytes()).hexdigest()[:12] == AS_THEY_ARE[path]
