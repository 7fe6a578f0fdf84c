"""GitHub's workflows: the gates are the same as on a developer's machine, with no right that they do not need."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.config.conftest import BASE_DIR

FOLDER = BASE_DIR / ".github"
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.name: yaml.safe_load(path.read_text()) for path in sorted((FOLDER / "workflows").glob("*.yml"))
}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_the_gates_are_make_check_and_make_test_and_nothing_else():
    commands = [step["run"] for step in steps(WORKFLOWS["ci.yml"]) if "run" in step]
    assert [command for command in commands if not command.startswith("sudo apt-get")] == ["make check", "make test"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_says_its_rights_and_ends(name):
    workflow = WORKFLOWS[name]
    assert workflow["permissions"].get("contents") in ("read", "write" if name == "locks.yml" else "read")
    assert all(job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    assert all("@" in step["uses"] for step in steps(workflow) if "uses" in step)


def test_an_image_says_what_is_in_it():
    (build,) = (step for step in steps(WORKFLOWS["image.yml"]) if "build-push" in step.get("uses", ""))
    assert build["with"]["sbom"] is True
    assert build["with"]["provenance"] == "mode=max"


def test_packages_with_hashes_are_renewed_by_their_own_script():
    updates = yaml.safe_load((FOLDER / "dependabot.yml").read_text())["updates"]
    limits = {each["package-ecosystem"]: each.get("open-pull-requests-limit") for each in updates}
    assert limits == {"pip": 0, "docker": None, "github-actions": None}


def test_a_development_container_brings_what_the_tests_meet():
    container = json.loads((BASE_DIR / ".devcontainer" / "devcontainer.json").read_text())
    command = container["postCreateCommand"]
    packages = set(re.findall(r"missing\+=\((\w+)\)", (BASE_DIR / ".ci" / "packages").read_text()))
    assert packages == {"chromium", "pgbouncer", "gettext", "caddy"}
    assert [name for name in packages if f" {name} " not in command] == []
    assert command.endswith(" && make .venv/.installed-dev")
    assert container["forwardPorts"] == [8000]
