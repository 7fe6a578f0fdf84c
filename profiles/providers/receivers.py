"""Links a member with the provider that named them for the first time, once they have signed in in another way."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.oidc import confirming
from profiles.providers.linking import link
from profiles.providers.offered import label_of
from profiles.providers.signing_in import CONFIRMS


@receiver(user_logged_in, dispatch_uid="profiles.providers")
def after_sign_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    found = confirming.take(request, CONFIRMS, user, provider=str, subject=str, shown=str)
    if request is None or found is None:
        return
    try:
        link(member=user, **{name: found[name] for name in ("provider", "subject", "shown")})
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return
    messages.success(
        request, _("From now on you can sign in with %(provider)s.") % {"provider": label_of(found["provider"])}
    )
