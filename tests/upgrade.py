"""`make test-upgrade`: a product that was made from an earlier state merges today's without a conflict.

    python -m tests.upgrade [commit]

Clones the repository at that commit (without one: the newest but one), gives the clone a name, has an app and fields of
the profile written there, makes a database with an organisation, and commits. Then it merges the newest commit by
`make upgrade`, brings the database along and runs the tests of what the clone has added. A commit that has no
`make rename` or `start_field` yet is cloned without them; one that has no `make upgrade` does by hand what that does.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
AUTHOR = ["-c", "user.name=Nina", "-c", "user.email=nina@nightlight.example"]
WRITTEN = {
    "config/rename.py": ["-m", "config.rename", "Nightlight", "nightlight", "nightlight.example"],
    "profiles/generator/management/commands/start_feature.py": [
        *("manage.py", "start_feature", "notes", "Note", "title:char", "text:text", "author:user"),
    ],
    "profiles/generator/management/commands/start_field.py": ["manage.py", "start_field", "profile", "nickname:char"],
}
ORGANISATION = """
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare
make_spare()
sign_up(organisation="Bakery", slug="bakery", name="Ada", email="ada@bakery.example", password="plenty of rocket fuel")
"""
CAME_ALONG = """
from profiles.models import Profile
print(*Profile.objects.values_list("user__email", flat=True))
"""


def main() -> int:
    before = sys.argv[1] if len(sys.argv) > 1 else "HEAD~1"
    with tempfile.TemporaryDirectory(prefix="upgrade-", ignore_cleanup_errors=True) as name:
        clone = Path(name, "product")
        git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
        newest = git(clone, "rev-parse", "HEAD")
        git(clone, "switch", "--quiet", "--create", "product", git(ROOT, "rev-parse", before))
        for path, command in WRITTEN.items():
            if (clone / path).exists():
                python(clone, *command)
        git(clone, "add", "--all")
        git(clone, *AUTHOR, "commit", "--quiet", "--message", "Begin the product")
        python(clone, "manage.py", "migrate", "--verbosity=0")
        python(clone, "manage.py", "shell", "--verbosity=0", "-c", ORGANISATION)
        merge(clone, newest)
        return proven(clone)


def merge(clone: Path, newest: str) -> None:
    """Raises SystemExit with what git says of a conflict."""
    for word in ("name", "email"):
        git(clone, "config", f"user.{word}", "nina@nightlight.example")
    if (clone / "config" / "upgrade.py").exists():
        python(clone, "-m", "config.upgrade", newest)
    else:
        by_hand(clone, newest)
    say("merged without a conflict")


def by_hand(clone: Path, newest: str) -> None:
    """As CHANGELOG.md says for a product that has no `make upgrade` yet."""
    rename = WRITTEN["config/rename.py"]
    if (clone / "config" / "rename.py").exists():
        python(clone, *rename[:2], "Tenantry", "tenantry", "tenantry.example")
        git(clone, "checkout", "--", "README.md")
        git(clone, "commit", "--quiet", "--all", "--message", "Take the product's name off, for a merge")
    merging = subprocess.run(
        ["git", "merge", "--quiet", "--no-edit", newest],  # noqa: S607  whichever git is on PATH
        cwd=clone,
        check=False,
    )
    if merging.returncode:
        raise SystemExit(f"Conflicts in: {git(clone, 'diff', '--name-only', '--diff-filter=U') or 'no file'}")
    python(clone, *rename)


def proven(clone: Path) -> int:
    """Whether the database comes along and the tests of the clone pass."""
    python(clone, "manage.py", "migrate", "--verbosity=0")
    python(clone, "manage.py", "makemigrations", "--check", "--dry-run")
    python(clone, "manage.py", "check_schemas")
    people = python(clone, "manage.py", "shell", "--verbosity=0", "--tenant", "bakery", "-c", CAME_ALONG)
    if people.strip() != "ada@bakery.example":
        raise SystemExit(f"The organisation has not come along. Its people are {people!r}.")
    say("the database has come along")
    added = [app for app in ("notes", "extras") if (clone / app).exists()]
    suite = [
        *added,
        "tests/architecture",
        "tests/config/test_rename.py",
        "tests/test_queries.py",
        "tests/test_access_matrix.py",
    ]
    python(clone, "-m", "pytest", "-q", "-n", "logical", "--dist", "worksteal", *suite)
    say("its tests pass")
    return 0


def git(folder: Path, *arguments: str) -> str:
    command = [shutil.which("git") or "git", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def python(clone: Path, *arguments: str) -> str:
    """What it prints; by this Python, with databases of the clone's own. Raises SystemExit if it fails."""
    say(" ".join(arguments[:4]).partition("\n")[0])
    variables = {name: value for name, value in os.environ.items() if name not in ("BUNDLED_DATA", "DATABASE_URL")}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=clone, env=variables, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}")
    return done.stdout


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
