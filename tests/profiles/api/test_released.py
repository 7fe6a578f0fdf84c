"""Programs of others go on working: the document of today breaks nothing that was released."""

from copy import deepcopy

import pytest

from profiles.api.breaking import breaking
from profiles.api.management.commands import openapi
from profiles.api.management.commands.openapi import text
from profiles.api.v1 import documents

PEOPLE, MEMBER = "/api/v1/people", "/api/v1/members/{username}"


CORE, *_ADDED = DOCUMENTS = documents()
# An app of a product's own may not have released anything yet.
WITH_RELEASE = [path for path in DOCUMENTS if path.exists() or "profiles" in path.parts]


def released():
    """Of the core."""
    return openapi.released(CORE)


@pytest.mark.parametrize("path", WITH_RELEASE, ids=lambda path: path.parts[-3])
def test_nothing_that_was_released_is_broken(path):
    found = breaking(openapi.released(path), DOCUMENTS[path])
    assert not found, "\n".join(["Add a new version beside v1 (docs/api.md), or change this back:", *found])


@pytest.mark.parametrize("path", WITH_RELEASE, ids=lambda path: path.parts[-3])
def test_released_document_is_the_present_one(path):
    """So that the next comparison knows what was added."""
    assert path.read_text() == text(DOCUMENTS[path]), "Run `manage.py openapi --release`, and commit the file."


def at(paths):
    return paths[PEOPLE]["get"]


def person(schemas):
    return schemas["Person"]["properties"]


def changed(change):
    new = deepcopy(released())
    change(new["paths"], new["components"]["schemas"])
    return breaking(released(), new)


LIST = "GET /api/v1/people"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda paths, _: paths.pop(PEOPLE), f"{LIST} is gone."),
        (lambda paths, _: paths[MEMBER].pop("delete"), f"DELETE {MEMBER} is gone."),
        (
            lambda paths, _: at(paths)["responses"].pop("200"),
            f"{LIST} does not answer 200 any more.",
        ),
        (
            lambda paths, _: at(paths)["parameters"].pop(0),
            f"{LIST} has no parameter fields any more.",
        ),
        (
            lambda _, schemas: person(schemas).pop("bio"),
            f"{LIST} 200 items items has no bio any more.",
        ),
        (
            lambda _, schemas: person(schemas).update(bio={"type": "integer"}),
            "GET /api/v1/people/{username} 200 bio was string, and is integer.",
        ),
        (
            lambda _, schemas: schemas["NewInvitation"]["required"].append("role"),
            "POST /api/v1/invitations body needs role.",
        ),
        (
            lambda _, schemas: schemas["Role"]["enum"].remove("editor"),
            f"PATCH {MEMBER} body role does not take editor any more.",
        ),
        (
            lambda paths, _: at(paths).update(security=[{"token": ["members:read"]}]),
            f"{LIST} needs another scope.",
        ),
        (
            lambda paths, _: at(paths)["parameters"][0].update(required=True),
            f"{LIST} needs the parameter fields.",
        ),
    ],
)
def test_breaking_change_is_found(change, sentence):
    assert sentence in changed(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda paths, _: paths.update({"/api/v1/notes": {"get": {"responses": {}}}}),
        lambda _, schemas: person(schemas).update(team={"type": "string"}),
        lambda _, schemas: schemas["NewInvitation"]["properties"].update(team={"type": "string"}),
        lambda paths, _: at(paths).update(description="Other words."),
    ],
)
def test_addition_breaks_nothing(change):
    assert changed(change) == []
