"""What an operation asks of its token: `@router.get("/notes", **needs("notes:read"), …)`."""

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


# In the document, of operations that assistants are offered as tools.
FOR_ASSISTANTS = "x-for-assistants"


def needs(scope: str, *, versioned: bool = False, for_assistants: bool = False) -> dict[str, Any]:
    """The arguments of an operation for tokens with this scope; "" is any token's.

    A versioned one changes an object within unless_changed() (answers.py). One that is for assistants is a tool of
    theirs; one that changes something is done only after a person has confirmed it.
    """
    extra: dict[str, Any] = {"security": [{"token": [scope] if scope else []}]}
    if for_assistants:
        extra[FOR_ASSISTANTS] = True
    return {"auth": Needed(scope), "openapi_extra": extra | ({"parameters": [dict(IF_MATCH)]} if versioned else {})}


class Needed:
    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: ApiRequest) -> bool:
        """Raises Refused (403) if the token has not the scope. Whether its member may is asked later, by the rules."""
        if self.scope and not request.token.allows(self.scope):
            words = _("This token does not have the scope %(scope)s.") % {"scope": self.scope}
            raise Refused(403, words, code="scope")
        return True
