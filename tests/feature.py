"""`make test-feature`: what start_feature and start_field write passes every gate, in a copy of the product.

    python -m tests.feature

Copies what git tracks to a new folder, gives the copy a name of its own as a product has, and runs the commands of the
README there, which write an app. An app for the public site and fields of the profile are written too. Then it runs
format, lint, types, missing migrations, and the tests of what was written, of the access matrix, of queries, of what
the suite demands, and of what the name is in.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = ["Nightlight", "nightlight", "nightlight.example"]
# Word for word what a newcomer types: start_feature for notes, and migrate.
OF_README = re.findall(r"^\$ \.venv/bin/python (manage\.py .+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
FEATURES = [
    ["start_feature", "--public", "news_items", "Entry", "title:char", "text:text", "link:url"],
    ["start_field", "profile", "nickname:char", "born:date"],
    ["start_field", "profile", "homepage:url", "lucky:integer", "likes_tea:boolean"],
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
        *("tests/profiles/people/test_edit_profile.py", "tests/profiles/people/test_edit_photo.py"),
        "tests/profiles/exports",
        *("tests/config/test_database.py", "tests/config/test_bundled.py", "tests/config/test_compose.py"),
        *("tests/config/test_without_roles.py", "tests/tenants/backend", "tests/tenants/isolation"),
        *("tests/tenants/schemas/test_check_schemas.py", "tests/security/test_production.py"),
    ],
]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="feature-", ignore_cleanup_errors=True) as name:
        copy = Path(name)
        copy_to(copy)
        of_readme = [command.split() for command in OF_README]
        written = [["config.rename", *NAMES], *of_readme, *(["manage.py", *feature] for feature in FEATURES)]
        return int(any(run(copy, command) for command in [*written, *GATES]))


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
    program = [str(copy / "manage.py")] if command[0] == "manage.py" else ["-m", command[0]]
    environment = os.environ | {"BUNDLED_DATA": str(copy / "var" / "postgres")}
    return subprocess.run([sys.executable, *program, *command[1:]], cwd=copy, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
