"""The recipes in docs/deploying/: they can be read, run our commands, and name settings that exist."""

import re
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.config.compose import SERVICES
from tests.config.conftest import BASE_DIR

FOLDER = BASE_DIR / "docs" / "deploying"
KUBERNETES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "kubernetes.yml").read_text())["items"]
DOCUMENTED = set(re.findall(r"`([A-Z][A-Z_]+)`", (BASE_DIR / "docs" / "settings.md").read_text()))
# Of boto3, and of a recipe itself.
OTHERS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "OWNER_DATABASE_URL", "DATABASE_URL:WEB_DATABASE_URL"}
COMMANDS = [" ".join(SERVICES[name]["command"]) for name in ("web", "urgent-worker", "worker", "migrate")]


@pytest.mark.parametrize("manifest", KUBERNETES, ids=lambda each: f"{each['kind']} {each['metadata']['name']}")
def test_manifests_are_valid(manifest):
    kubernetes_validate.validate(manifest, "1.34", strict=True)


def test_pods_have_no_rights_that_they_do_not_need():
    pods = [each["spec"]["template"]["spec"] for each in KUBERNETES if each["kind"] in ("Deployment", "Job")]
    assert len(pods) == 4
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_only_the_webs_pods_have_the_webs_login():
    secrets = {
        each["metadata"]["name"]: [source["secretRef"]["name"] for source in sources if "secretRef" in source]
        for each in KUBERNETES
        if each["kind"] in ("Deployment", "Job")
        for sources in [each["spec"]["template"]["spec"]["containers"][0]["envFrom"]]
    }
    # Of two secrets with the same variable, the last one counts.
    assert secrets.pop("web") == ["product", "product-web"]
    assert all(names == ["product"] for names in secrets.values())


def commands_in(path: Path) -> str:
    text = path.read_text()
    if path.name == "kubernetes.yml":
        return " ".join(" ".join(each["command"]) for each in containers())
    return text.replace('"', "")


def containers() -> list[dict[str, Any]]:
    pods = [each["spec"]["template"]["spec"] for each in KUBERNETES if each["kind"] in ("Deployment", "Job")]
    return [container for pod in pods for container in pod["containers"]]


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_recipe_runs_what_compose_runs(path):
    said = commands_in(path)
    # Kamal runs the image's own command as web, and migrates from a hook.
    known = [] if path.name != "kamal.yml" else [COMMANDS[0], COMMANDS[3]]
    known += [COMMANDS[0]] if path.name == "render.yaml" else []
    assert [command for command in COMMANDS if command not in said and command not in known] == []


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_recipe_can_be_read_and_names_settings_that_exist(path):
    text = path.read_text()
    assert tomllib.loads(text) if path.suffix == ".toml" else list(yaml.safe_load_all(text))
    named = set(re.findall(r"\b([A-Z][A-Z]+_[A-Z_]+)\b(?=[\":,\]} =])", text))
    platform = {"REGISTRY_PASSWORD", "CERTIFICATE_PEM", "PRIVATE_KEY_PEM", "WEB_DATABASE_URL"}
    assert named - DOCUMENTED - OTHERS - platform == set()
