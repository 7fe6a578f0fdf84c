"""What every page of an organisation knows about its viewer."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from profiles.roles import May


def viewer(request: HttpRequest) -> dict[str, Any]:
    """`may`: the viewer's rights. On the public site, where nobody is signed in, there are none.

    `error_frame`: what error pages stand in: for members, the pages of their organisation.
    """
    tenant = getattr(request, "tenant", None)
    user = request.user if tenant and hasattr(request, "user") else AnonymousUser()
    return {"may": May(user), "error_frame": Frame(user)}


class Frame:
    """The name of a template, which only error pages ask for: others need no user to be loaded for it."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def __str__(self) -> str:
        return "profiles/base.html" if self.user.is_authenticated else "shared/base.html"
