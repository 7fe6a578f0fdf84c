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
    if refusal := refused(sys.argv[1:]):
        return told(refusal)
    ours = present(ROOT)
    name(TENANTRY, "Take the product's name off, for a merge")
    if subprocess.run(["git", "merge", "--no-edit", sys.argv[1]], cwd=ROOT, check=False).returncode:  # noqa: S607
        if not git("diff", "--name-only", "--diff-filter=U"):
            name(ours, "Give the product its name again")
            return told("git has not begun the merge: see above. Nothing is merged.")
        words = zip(("NAME", "SLUG", "DOMAIN"), astuple(ours), strict=True)
        again = " ".join(f"{word}={shlex.quote(value)}" for word, value in words)
        return told(f"Resolve the conflicts, commit, and give the product its name again:\nmake rename {again}")
    name(ours, "Give the product its name again")
    return 0


def refused(typed: list[str]) -> str:
    """Why nothing can be merged, in a sentence, before anything is changed."""
    if len(typed) != 1:
        return "Say which release to merge: make upgrade TO=v0.2.0"
    if not says_yes("rev-parse", "--git-dir"):
        return "This folder is no clone by git, so nothing can be merged into it. See docs/upgrading.md."
    if git("status", "--porcelain", "--untracked-files=no"):
        return "There are uncommitted changes. Commit them first."
    if not says_yes("var", "GIT_COMMITTER_IDENT"):
        return "git does not know who commits. Tell it: git config user.name and git config user.email."
    return unmergeable(typed[0])


def unmergeable(release: str) -> str:
    """Why this release cannot be merged here, in a sentence."""
    if not says_yes("rev-parse", "--verify", "--quiet", "--end-of-options", f"{release}^{{commit}}"):
        return f"There is no {release} here. Fetch it first: git fetch upstream --tags"
    if says_yes("merge-base", "--is-ancestor", release, "HEAD"):
        return f"{release} is merged already."
    if not says_yes("merge-base", "HEAD", release):
        return f"{release} and this product have no history in common, so git cannot merge them. See docs/upgrading.md."
    return ""


def says_yes(*words: str) -> bool:
    command = ["git", *words]
    return not subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode


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
