"""`make test-feature`: what start_feature and start_field write passes every gate, in a copy of the product.

    python -m tests.feature

Copies what git tracks to a new folder, and follows the README there: the copy gets a name of its own, an app and fields
of the profile. It gets an app for the public site and more fields, too. Then it runs format, lint, types, missing
migrations, and the tests of what was written, of the access matrix, of queries, of what the suite demands, and of what
the name is in.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECTION = "## Your own name, your own app"  # of README.md
MORE = [
    ["manage.py", "start_feature", "--public", "news_items", "Entry", "title:char", "text:text", "link:url"],
    ["manage.py", "start_field", "profile", "homepage:url", "lucky:integer", "likes_tea:boolean"],
]
GATES = [
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy", "notes", "news_items", "extras"],
    ["manage.py", "makemigrations", "--check", "--dry-run"],
    ["manage.py", "check"],
    [
        *(
            "pytest",
            "-q",
            "-n",
            "logical",
            "--dist",
            "worksteal",
            "notes",
            "news_items",
            "extras",
            "tests/architecture",
        ),
        *("tests/test_access_matrix.py", "tests/test_queries.py", "tests/security/test_demands.py"),
        *("tests/tenants/schemas/test_relations.py", "tests/test_docs.py", "tests/config/test_rename.py"),
        *(
            "tests/profiles/people/test_edit_profile.py",
            "tests/profiles/people/test_edit_photo.py",
            "tests/profiles/exports",
        ),
        *("tests/config/test_database.py", "tests/config/test_bundled.py", "tests/config/test_compose.py"),
        *("tests/config/test_without_roles.py", "tests/tenants/backend", "tests/tenants/isolation"),
        *("tests/tenants/schemas/test_check_schemas.py", "tests/security/test_production.py"),
    ],
]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="feature-", ignore_cleanup_errors=True) as name:
        copy = Path(name)
        copy_to(copy)
        return int(any(run(copy, command) for command in [*of_the_readme(), *MORE, *GATES]))


def of_the_readme() -> list[list[str]]:
    """The commands that the README gives for an app of one's own. Raises ValueError if it has none."""
    section = (ROOT / "README.md").read_text().partition(SECTION)[2].partition("\n## ")[0]
    typed = [shlex.split(line.removeprefix("$ ")) for line in section.splitlines() if line.startswith("$ ")]
    if not typed:
        raise ValueError(f"README.md has no commands below {SECTION!r}.")
    return [words[1:] if words[0] == ".venv/bin/python" else words for words in typed]


def copy_to(copy: Path) -> None:
    """What git tracks here, tracked there too: tests ask git which files there are."""
    for path in filter(None, git(ROOT, "ls-files", "-z").split("\0")):
        if (ROOT / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, copy / path)
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")


def git(folder: Path, *arguments: str) -> str:
    command = [shutil.which("git") or "git", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def run(copy: Path, command: list[str]) -> int:
    """A command there, by this Python and with a database of its own. Returns its exit status."""
    sys.stderr.write(f"{' '.join(command)}\n")
    programs = {"manage.py": [sys.executable, str(copy / "manage.py")], "make": ["make", f"PYTHON={sys.executable}"]}
    program = programs.get(command[0], [sys.executable, "-m", command[0]])
    environment = os.environ | {"BUNDLED_DATA": str(copy / "var" / "postgres")}
    return subprocess.run([*program, *command[1:]], cwd=copy, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
