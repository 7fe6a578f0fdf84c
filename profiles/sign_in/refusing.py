"""What capabilities say against a member's sign-in (sign_in_checks)."""

from django.http import HttpRequest

from profiles.models import User
from shared.capabilities.registry import imported


def refusal(request: HttpRequest, user: User | None) -> str:
    """A sentence that says why this member may not sign in by a password, a code or a passkey, or "".

    None stands for an address that no member has. It costs the same statements, so the time does not tell who is one.
    """
    return next(filter(None, (check(request, user or User()) for check in imported("sign_in_checks"))), "")
