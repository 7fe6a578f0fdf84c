"""Deployment files against schemas: published ones, and for Fly.io, Render and Kamal what their documentation names.

check-jsonschema ships the published ones. The platforms' own programs are not run.
"""

import json
import os
import shutil
import subprocess
import tomllib
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, validators

from tests.config.conftest import BASE_DIR
from tests.config.platforms import DOCUMENTED

RECIPES = BASE_DIR / "docs" / "deploying"
PUBLISHED = files("check_jsonschema.builtin_schemas.vendor")
FILES = {
    "docker-compose.yml": "compose-spec",
    "docker-compose.tls.yml": "compose-spec",
    "docker-compose.citus.yml": "compose-spec",
    ".github/dependabot.yml": "dependabot",
    **{f".github/workflows/{path.name}": "github-workflows" for path in (BASE_DIR / ".github/workflows").iterdir()},
    **{f".github/ISSUE_TEMPLATE/{name}.yml": "github-issue-forms" for name in ("fault", "feature")},
    ".github/ISSUE_TEMPLATE/config.yml": "github-issue-config",
}


class Compose(yaml.SafeLoader):
    """Reads `!override`, with which a list replaces that of the file before; and YAML 1.2, where `on` is not true."""

    yaml_implicit_resolvers = {
        letter: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or letter in "tTfF"]
        for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def overriding(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node, deep=True)


Compose.add_constructor("!override", overriding)


def wrong(schema: dict[str, Any], content: Any) -> list[str]:
    kind = validators.validator_for(schema, default=Draft7Validator)
    return [f"{error.json_path}: {error.message}" for error in kind(schema).iter_errors(content)]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_as_its_published_schema_says(name):
    schema = json.loads((PUBLISHED / f"{FILES[name]}.json").read_text())
    content = yaml.load((BASE_DIR / name).read_text(), Loader=Compose)  # noqa: S506  a SafeLoader
    assert wrong(schema, content) == []


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_recipe_has_the_keys_and_values_that_its_platform_documents(name):
    text = (RECIPES / name).read_text()
    content = tomllib.loads(text) if name.endswith(".toml") else yaml.load(text, Loader=Compose)  # noqa: S506
    assert wrong(DOCUMENTED[name], content) == []


def compose_program() -> list[str] | None:
    """Docker Compose, as a plugin of docker or by itself; it reads files without a running Docker."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            said = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False).stdout
            if said.strip().lstrip("v").partition(".")[0] not in ("", "1"):
                return command
    return None


COMPOSE = compose_program()


@pytest.mark.skipif(COMPOSE is None, reason="Docker Compose 2.24.4 or newer is not installed")
@pytest.mark.parametrize(
    "added", [[], ["tls"], ["citus"], ["tls", "citus"]], ids=lambda added: "+".join(["one", *added])
)
def test_docker_compose_reads_the_files_together(added):
    asked = ("SECRET_KEY", "DATABASE_PASSWORD", "WEB_DATABASE_PASSWORD", "POSTGRES_PASSWORD", "BASE_URL", "EMAIL_URL")
    variables = dict.fromkeys((*asked, "TLS_SECRET", "ACME_EMAIL"), "given")
    names = ["docker-compose.yml", *(f"docker-compose.{name}.yml" for name in added)]
    options = [option for name in names for option in ("--file", name)]
    command = [*(COMPOSE or []), *options, "config", "--format", "json"]
    done = subprocess.run(
        command, cwd=BASE_DIR, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    merged = json.loads(done.stdout)
    ports = [each["published"] for each in merged["services"]["proxy"]["ports"]]
    assert ports == (["80", "443", "443"] if "tls" in added else ["8000"])
    assert merged["services"]["web"]["image"] == merged["name"]
    assert ("node-1" in merged["services"]) == ("citus" in added)


def test_every_recipe_has_a_schema_and_a_section_that_says_what_it_does_not_do():
    docs = (BASE_DIR / "docs" / "deploying.md").read_text()
    for path in RECIPES.iterdir():
        assert path.name in {*DOCUMENTED, "kubernetes.yml"}
        (section,) = (each for each in docs.split("\n## ") if f"](deploying/{path.name})" in each)
        assert "What it cannot do" in section, path.name
