"""What an operation asks of its token: `@router.get("/notes", **needs("notes:read"), …)`."""

from typing import Any

from django.utils.translation import gettext as _

from profiles.api.problems import Refused
from profiles.api.requests import ApiRequest


def needs(scope: str) -> dict[str, Any]:
    """The arguments of an operation for tokens with this scope; "" is any token's."""
    return {"auth": Needed(scope), "openapi_extra": {"security": [{"token": [scope] if scope else []}]}}


class Needed:
    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: ApiRequest) -> bool:
        """Raises Refused (403) if the token has not the scope. Whether its member may is asked later, by the rules."""
        if self.scope and not request.token.allows(self.scope):
            words = _("This token does not have the scope %(scope)s.") % {"scope": self.scope}
            raise Refused(403, words, code="scope")
        return True
