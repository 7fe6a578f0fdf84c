"""`make test-feature`: what start_feature and start_field write passes every gate, in a copy of the product.

    python -m tests.feature

Copies what git tracks to a new folder, gives the copy a name of its own as a product has, and runs the commands of the
README there, which write an app. An app for the public site, one with fields of every type, and fields of the profile
are written too. Then it runs format, lint, types, missing migrations and the whole suite: the README says that all
of it passes right after the command.
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
    # Each type of field, and names that the written files have a use for.
    [
        *("start_feature", "meeting_notes", "MeetingNote", "name:char", "body:text", "kind:char", "date:date"),
        *("at:datetime", "sum:decimal", "people:integer", "is_open:boolean", "mail:email", "site:url", "writer:user"),
    ],
    # The least that can be asked for.
    ["start_feature", "labels", "Label", "title:char"],
    ["start_feature", "--public", "news_items", "Entry", "title:char", "text:text", "link:url"],
    ["start_field", "profile", "nickname:char", "born:date"],
    ["start_field", "profile", "homepage:url", "lucky:integer", "likes_tea:boolean"],
    ["start_field", "user", "number:char", "hired:date", "is_driver:boolean", "seen_at:datetime"],
    ["start_field", "tenant", "account:char", "sum:decimal"],
    ["start_field", "tenant", "is_partner:boolean", "since:datetime", "site:url"],
]
GATES = [
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy", "."],
    ["manage.py", "makemigrations", "--check", "--dry-run"],
    ["manage.py", "check"],
    ["pytest", "-q", "-n", "logical", "--maxprocesses", "8", "--dist", "worksteal"],
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
