"""The scope that an operation needs: `@router.get("/notes", **needs("notes:read"), …)`."""

from typing import Any

from django.utils.translation import gettext as _

from profiles.api.problems import Refused
from profiles.api.requests import ApiRequest

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The version that you know: 412 if there is a later one.",
    "schema": {"type": "string"},
}


# Marks, in the document, the operations that are tools of assistants.
FOR_ASSISTANTS = "x-for-assistants"


def needs(scope: str, *, versioned: bool = False, for_assistants: bool = False) -> dict[str, Any]:
    """The arguments of an operation for tokens with this scope; "" allows every token.

    A versioned operation changes an object within unless_changed() (answers.py). An operation for assistants is one of
    their tools; if it changes something, a person has to confirm it first.
    """
    extra: dict[str, Any] = {"security": [{"token": [scope] if scope else []}]}
    if for_assistants:
        extra[FOR_ASSISTANTS] = True
    return {"auth": Needed(scope), "openapi_extra": extra | ({"parameters": [dict(IF_MATCH)]} if versioned else {})}


class Needed:
    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: ApiRequest) -> bool:
        """Raises Refused (403) if the token does not have the scope. The rights of its member are checked later, by the
        rules.
        """
        if self.scope and not request.token.allows(self.scope):
            words = _("This token does not have the scope %(scope)s.") % {"scope": self.scope}
            raise Refused(403, words, code="scope")
        return True
