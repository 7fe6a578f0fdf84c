"""`make upgrade TO=v0.2.0`: merges a release of Tenantry into a product that has a name of its own.

    python -m config.upgrade v0.2.0

Upstream may edit a line that `make rename` has changed, or the one beside it: git would call that a conflict. So the
lines get upstream's names, git merges, and they get the product's again: three commits.
"""

import re
import shlex
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

from config.rename import FIRST_NAME, LINES, ROOT, Names

TENANTRY = Names(FIRST_NAME, FIRST_NAME.lower(), f"{FIRST_NAME.lower()}.example")


def main() -> int:
    if len(sys.argv) != 2:
        return told("Say which release to merge: make upgrade TO=v0.2.0")
    if git("status", "--porcelain", "--untracked-files=no"):
        return told("There are uncommitted changes. Commit them first.")
    ours = present(ROOT)
    name(TENANTRY, "Take the product's name off, for a merge")
    if subprocess.run(["git", "merge", "--no-edit", sys.argv[1]], cwd=ROOT, check=False).returncode:  # noqa: S607
        words = zip(("NAME", "SLUG", "DOMAIN"), astuple(ours), strict=True)
        again = " ".join(f"{word}={shlex.quote(value)}" for word, value in words)
        return told(f"Resolve the conflicts, commit, and give the product its name again:\nmake rename {again}")
    name(ours, "Give the product its name again")
    return 0


def present(root: Path) -> Names:
    """The names that config/brand.py has."""
    brand = (root / "config" / "brand.py").read_text()
    found = [re.search(pattern, brand, re.MULTILINE) for pattern in LINES["config/brand.py"]]
    return Names(*(match[1] if match else "" for match in found))


def name(names: Names, message: str) -> None:
    """Put these names into the lines, in a commit if anything changes. Ends with what `make rename` says, if it fails.

    In a process of its own: after the merge, config/rename.py may be another one than this process has read.
    """
    command = [sys.executable, "-m", "config.rename", "--not-readme", "--", *astuple(names)]
    if subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit(1)
    if git("status", "--porcelain", "--untracked-files=no"):
        git("commit", "--quiet", "--all", "--message", message)


def git(*words: str) -> str:
    command = ["git", *words]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def told(sentence: str) -> int:
    """Say it, as a failure."""
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
