"""When a session starts, gets a new key after the password or a code was confirmed, and ends."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from profiles.models import User
from tenants.events import emit


@receiver(authentication_step_completed)
def renew_session(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """Copies of the old cookie are signed out: otherwise a thief would share the minutes without a password prompt."""
    if reauthenticated:
        old = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


@receiver(user_logged_in)
def session_started(user: User, **kwargs: Any) -> None:
    emit("session.started", user, by=user)


@receiver(user_logged_out)
def session_ended(user: User | None, **kwargs: Any) -> None:
    if user is not None and user.pk:
        emit("session.ended", user, by=user)
