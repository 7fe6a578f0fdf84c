"""Connects a member with who they are at the provider: after they have signed in once in another way."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.oidc import confirming
from profiles.own_sign_in.models import Identity, Provider
from tenants.events import emit

KEY = "connects_to_provider"  # in the session


def connect(*, member: User, subject: str, picture: str = "") -> None:
    """Raises ValidationError if one of the two is connected already."""
    try:
        with transaction.atomic():
            Identity.objects.create(member=member, subject=subject, picture=picture)
            emit("own_sign_in.connected", member, by=member)
    except IntegrityError as error:
        raise ValidationError(_("This account is connected to another one already. Ask an owner."), "taken") from error


def remember(request: HttpRequest, *, member: User, subject: str, version: int) -> None:
    confirming.remember(request, KEY, member=member, subject=subject, version=version)


def connects(request: HttpRequest, user: User) -> bool:
    """Did the provider name this member in this browser, some minutes ago?"""
    return confirming.is_named(request, KEY, user)


def after_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    found = confirming.take(request, KEY, user, subject=str, version=int)
    provider = Provider.usable() if found else None
    if found is None or provider is None or provider.version != found["version"]:
        return
    try:
        connect(member=user, subject=found["subject"])
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return
    messages.success(request, _("From now on you can sign in with %(provider)s.") % {"provider": provider.name})


def listen() -> None:
    user_logged_in.connect(after_sign_in, dispatch_uid="profiles.own_sign_in")
