"""When a session starts, gets a new key after the password or a code was confirmed, and ends."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest

from profiles.models import User
from profiles.models.user import normalised
from profiles.sign_in.sessions import note_browser
from tenants.context import schema_name
from tenants.events import emit
from tenants.limits import counting


@receiver(authentication_step_completed)
def renew_session(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """Copies of the old cookie are signed out: otherwise a thief would share the minutes without a password prompt."""
    if reauthenticated:
        request.session.cycle_key()


@receiver(user_logged_in)
def session_started(request: HttpRequest, user: User, **kwargs: Any) -> None:
    note_browser(request)
    emit("session.started", user, by=user)


@receiver(user_login_failed)
def session_refused(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What was typed is not kept: it may be a password in the wrong field.

    It costs the same for a name that no member has. So many are told an hour that no stranger fills the log.
    """
    typed = normalised(str(credentials.get("email") or credentials.get("username") or ""))
    member = User.objects.filter(Q(email=typed) | Q(username__iexact=typed)).order_by("pk").first()
    if request is not None and may_be_told():
        emit("session.refused", *filter(None, [member]))


def may_be_told() -> bool:
    try:
        counting.take(
            "refused_sign_in", counting.Rate(*settings.LIMITS["refused_sign_in"]["organisation"]), schema_name()
        )
    except counting.TooOften:
        return False
    return True


@receiver(user_logged_out)
def session_ended(user: User | None, **kwargs: Any) -> None:
    if user is not None and user.pk:
        emit("session.ended", user, by=user)
