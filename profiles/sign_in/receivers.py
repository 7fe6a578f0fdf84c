"""After the password or a code has been confirmed, the session goes on under a new key."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(authentication_step_completed)
def renew_session(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """A copy of the old cookie is signed out: or else a thief would share the minutes in which no password is asked."""
    if reauthenticated:
        old = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
