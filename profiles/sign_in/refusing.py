"""What capabilities say against a member's sign-in."""

from django.http import HttpRequest

from profiles.models import User
from shared.capabilities.registry import imported


def refusal_of_sign_in(request: HttpRequest, user: User) -> str:
    """Why this member cannot sign in now, as a sentence, by the capabilities' sign_in_checks; or ""."""
    return next(filter(None, (check(request, user) for check in imported("sign_in_checks"))), "")
