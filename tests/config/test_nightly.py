"""`.ci/nightly` is the one list of the longer gates, and GitHub runs all of it, in parts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.config.conftest import BASE_DIR

WORKFLOW = yaml.safe_load((BASE_DIR / ".github" / "workflows" / "nightly.yml").read_text())
(JOB,) = WORKFLOW["jobs"].values()
PARTS: list[str] = JOB["strategy"]["matrix"]["part"]
INSTALLING = "packages prometheus"


class Night:
    """The script, where each program that it starts only writes down what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = folder / "asked"
        (folder / ".ci").mkdir()
        (folder / "bin").mkdir()
        shutil.copy(BASE_DIR / ".ci" / "nightly", folder / ".ci")
        for path in (".ci/packages", ".ci/run", "bin/make"):
            program = folder / path
            program.write_text(
                f'#!/bin/sh\necho "{program.name} $*" >> {self.written}\ntest "$*" != "$FAILS" || exit 3\n'
            )
            program.chmod(0o755)

    def run(self, *parts: str, fails: str = "none") -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        self.written.write_text("")
        return subprocess.run(
            [self.folder / ".ci" / "nightly", *parts],
            env={"PATH": path, "FAILS": fails},
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self, *parts: str) -> list[str]:
        result = self.run(*parts)
        assert result.returncode == 0, result.stderr
        return self.written.read_text().splitlines()


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_every_gate_has_a_job_of_its_own(night):
    install, *gates = night.asked()
    assert install == INSTALLING
    assert {"run ", "make docs", "make test-slow", "make test-without ARGS=--two", "make torture ARGS=--quick"} <= {
        *gates
    }
    assert [night.asked(part) for part in PARTS] == [[INSTALLING, gate] for gate in gates]


def test_a_job_runs_its_part_and_a_failure_stops_no_other():
    commands = [step["run"] for step in JOB["steps"] if "run" in step]
    assert commands == [".ci/nightly ${{ matrix.part }}"]
    assert JOB["strategy"]["fail-fast"] is False
    assert WORKFLOW[True].keys() == {"schedule", "workflow_dispatch"}  # YAML reads the key "on" as a truth value


def test_some_parts_can_be_asked_for(night):
    assert night.asked("torture", "docs") == [INSTALLING, "make docs", "make torture ARGS=--quick"]


def test_a_part_that_does_not_exist_is_refused_before_anything_is_installed(night):
    result = night.run("docs", "doc")
    assert result.returncode == 2
    assert result.stderr == f'There is no part "doc". There are: {" ".join(PARTS)}.\n'
    assert night.written.read_text() == ""


def test_a_gate_that_fails_stops_the_night(night):
    assert night.run(fails="test-slow").returncode == 3
    assert night.written.read_text().splitlines()[-1] == "make test-slow"
