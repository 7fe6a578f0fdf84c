"""`make test-feature`: what `manage.py start_feature` writes passes every gate, in a copy of the product.

    python -m tests.feature

Copies what git tracks to a new folder, gives the copy a name of its own as a product has, has both kinds of an app
written there, and runs format, lint, types, missing migrations, and the tests of the new apps, of the access matrix, of
queries, of what the suite demands, and of what the name is in.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = ["Nightlight", "nightlight", "nightlight.example"]
FEATURES = [
    ["notes", "Note", "title:char", "text:text", "due:date", "author:user"],
    ["--public", "news_items", "Entry", "title:char", "text:text", "link:url"],
]
GATES = [
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy", "notes", "news_items"],
    ["manage.py", "makemigrations", "--check", "--dry-run"],
    ["manage.py", "check"],
    [
        *("pytest", "-q", "-n", "logical", "--dist", "loadfile", "notes", "news_items", "tests/architecture"),
        *("tests/test_access_matrix.py", "tests/test_queries.py", "tests/security/test_demands.py"),
        *("tests/tenants/schemas/test_relations.py", "tests/test_docs.py", "tests/config/test_rename.py"),
        *("tests/config/test_database.py", "tests/config/test_bundled.py", "tests/config/test_compose.py"),
        *("tests/config/test_without_roles.py", "tests/tenants/backend", "tests/tenants/isolation"),
        *("tests/tenants/schemas/test_check_schemas.py", "tests/security/test_production.py"),
    ],
]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="feature-", ignore_cleanup_errors=True) as name:
        copy = Path(name)
        listing = ["git", "ls-files", "-z"]
        tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for path in filter(None, tracked.split("\0")):
            if (ROOT / path).is_file():
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, copy / path)
        # Tests ask git which files there are.
        for arguments in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *arguments], cwd=copy, check=True)  # noqa: S607  whichever git is on PATH
        if run(copy, ["config.rename", *NAMES]):
            return 1
        for feature in FEATURES:
            run(copy, ["manage.py", "start_feature", *feature])
        for gate in GATES:
            if run(copy, gate):
                return 1
    return 0


def run(copy: Path, command: list[str]) -> int:
    """A command there, by this Python and with a database of its own. Returns its exit status."""
    sys.stderr.write(f"{' '.join(command)}\n")
    program = [str(copy / "manage.py")] if command[0] == "manage.py" else ["-m", command[0]]
    environment = os.environ | {"BUNDLED_DATA": str(copy / "var" / "postgres")}
    return subprocess.run([sys.executable, *program, *command[1:]], cwd=copy, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
