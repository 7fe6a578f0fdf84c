"""`.ci/renew-locks` leaves a branch that has passed every gate, or says what failed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.config.conftest import BASE_DIR
from tests.install.lock import ALL_LOCKS

NOT_INHERITED = ("GIT_", "MAKE", "MFLAGS")
RENEWED = "echo newer==2 > requirements.txt"


class Repository:
    """One with the script, in which make and the gates do as the test says."""

    def __init__(self, folder: Path, *, lock: str, gates: str, docs: str = "true") -> None:
        self.folder = folder
        (folder / "docs").mkdir()
        for name in ALL_LOCKS:
            (folder / name).write_text("older==1\n")
        (folder / "Makefile").write_text(
            f".PHONY: docs\nlock:\n\t@{lock}\ndocs:\n\t@{docs}\noutdated:\n\t@echo django-allauth\n"
        )
        (folder / ".ci").mkdir()
        shutil.copy(BASE_DIR / ".ci" / "renew-locks", folder / ".ci")
        (folder / ".ci" / "run").write_text(f"#!/bin/sh\n{gates}\n")
        (folder / ".ci" / "run").chmod(0o755)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@acme.example")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "Start")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        return subprocess.run(command, cwd=self.folder, env=inherited, capture_output=True, text=True, check=False)

    def git(self, *arguments: str) -> str:
        result = self.run("git", *arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def renew(self) -> subprocess.CompletedProcess[str]:
        return self.run(".ci/renew-locks")

    @property
    def branches(self) -> list[str]:
        return self.git("branch", "--format", "%(refname:short)").split()


def test_what_passed_every_gate_is_on_a_branch(tmp_path: Path) -> None:
    repository = Repository(tmp_path, lock=RENEWED, gates="grep newer==2 requirements.txt")
    result = repository.renew()
    assert result.returncode == 0, result.stderr
    branch, main = repository.branches
    assert branch.startswith("locks-")
    assert repository.git("diff", "--name-only", main, branch).split() == ["requirements.txt"]
    assert branch in result.stdout
    assert "django-allauth" in result.stdout


def test_what_failed_is_said(tmp_path: Path) -> None:
    repository = Repository(tmp_path, lock=RENEWED, gates="echo 3 failed; exit 1")
    result = repository.renew()
    assert result.returncode == 1
    assert "3 failed" in result.stdout
    assert f"on the branch {repository.branches[0]}, which must not be merged" in result.stderr


def test_documentation_that_cannot_be_built_is_said(tmp_path: Path) -> None:
    repository = Repository(tmp_path, lock=RENEWED, gates="true", docs="echo no theme; exit 1")
    result = repository.renew()
    assert result.returncode == 1
    assert "no theme" in result.stdout
    assert "which must not be merged" in result.stderr


@pytest.mark.parametrize(("lock", "status", "said"), [("true", 0, "newest"), ("false", 1, "make lock failed")])
def test_without_new_locks_all_is_as_before(tmp_path: Path, lock: str, status: int, said: str) -> None:
    repository = Repository(tmp_path, lock=lock, gates="echo no gate should run; exit 1")
    result = repository.renew()
    assert result.returncode == status
    assert said in result.stdout + result.stderr
    assert repository.branches == ["main"]
    assert repository.git("status", "--porcelain") == ""


def test_uncommitted_work_is_left_alone(tmp_path: Path) -> None:
    repository = Repository(tmp_path, lock=RENEWED, gates="true")
    (tmp_path / "requirements.txt").write_text("mine==1\n")
    result = repository.renew()
    assert result.returncode == 1
    assert "uncommitted changes" in result.stderr
    assert (tmp_path / "requirements.txt").read_text() == "mine==1\n"
