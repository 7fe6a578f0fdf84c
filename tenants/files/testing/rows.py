"""A row of each model of this app, for tests that need one of every model."""

from typing import Any

from tenants.storage import delete_folder, store


def make(_people: dict[str, Any]) -> None:
    delete_folder("texts")
    store("texts/a.txt", b"of a product")
