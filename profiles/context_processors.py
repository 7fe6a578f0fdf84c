"""What every page of an organisation knows about its viewer."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from profiles.roles import May


def viewer(request: HttpRequest) -> dict[str, Any]:
    """`may`: the viewer's rights. On the public site, where nobody is signed in, there are none."""
    tenant = getattr(request, "tenant", None)
    return {"may": May(request.user if tenant and hasattr(request, "user") else AnonymousUser())}
