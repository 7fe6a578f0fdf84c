"""Template context about the viewer, for every page of an organisation."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from profiles.roles import May


def viewer(request: HttpRequest) -> dict[str, Any]:
    """`may`: the viewer's rights. On the public site, which has no sign-in, there are none.

    `error_frame`: the base template of error pages: for members, that of their organisation.
    """
    tenant = getattr(request, "tenant", None)
    user = request.user if tenant and hasattr(request, "user") else AnonymousUser()
    return {"may": May(user), "error_frame": Frame(user)}


class Frame:
    """The name of a template, computed only when an error page needs it, so that other pages do not load the user."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def __str__(self) -> str:
        return "profiles/base.html" if self.user.is_authenticated else "shared/base.html"
