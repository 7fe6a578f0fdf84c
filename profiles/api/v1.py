"""Version 1 of the API: the operations of the core, and those that other apps register (Capability.api).

A second version would be another module like this one, with other routers. Both are served until the announced end
of the first (docs/api.md).
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from ninja import NinjaAPI, Router
from ninja.operation import Operation

from profiles.api.document import completed
from profiles.api.operating import StrictParser, checked, handle_errors
from profiles.api.resources import invitations, me, members, organisation, people
from shared.capabilities.registry import capabilities

PATH = "/api/v1/"
VERSION = "1.0"
CORE = (me.router, people.router, members.router, invitations.router, organisation.router)


class Version(NinjaAPI):
    """Without ninja's own pages, which load 2 MB of scripts and need a weaker content security policy."""

    def __init__(self, *routers: Router) -> None:
        super().__init__(
            title=f"{settings.BRAND['NAME']} API",
            version=VERSION,
            urls_namespace="api-v1",
            openapi_url=None,
            docs_url=None,
            parser=StrictParser(),
        )
        handle_errors(self)
        self.add_decorator(checked, mode="view")
        for router in routers:
            self.add_router("", router)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def added() -> list[Router]:
    """The `router` of each module that an app has registered."""
    return [import_module(app.api).router for app in capabilities() if app.api]


api = Version(*CORE, *added())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, the same for all organisations."""
    return completed(api.get_openapi_schema(path_prefix=PATH))


def core_document() -> dict[str, Any]:
    """The document without other apps' operations."""
    return completed(Version(*CORE).get_openapi_schema(path_prefix=PATH))


def documents() -> dict[Path, dict[str, Any]]:
    """The documents of the core and of each app that adds operations, by the file of its released document."""
    found = {Path(__file__).parent: core_document()}
    for app in capabilities():
        if app.api:
            router = import_module(app.api).router
            found[Path(app.path)] = completed(Version(router).get_openapi_schema(path_prefix=PATH))
    return {folder / "released" / "v1.json": document for folder, document in found.items()}
