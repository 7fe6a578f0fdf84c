"""An owner, an admin or an operator takes away the second factor of a member who has lost it."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.mail.outbox import post
from profiles.members.changes import claim
from profiles.models import User
from profiles.sign_in import sessions
from profiles.two_factor.row import has_one
from tenants.context import required
from tenants.events import emit


@transaction.atomic
def reset(*, actor: User, member: User) -> None:
    """Delete the member's second factors and recovery codes, sign them out everywhere, and tell them by mail.

    Their sessions end because one may be open on the device that was lost. Raises PermissionDenied, User.DoesNotExist
    if the member has been removed, and ValidationError if there is no second factor.
    """
    actor, member = claim(actor, member)
    take_away(member, by=actor)


@transaction.atomic
def reset_by_operator(member: User) -> None:
    """The same for a member that no one else may manage, such as the only owner. Raises ValidationError as above."""
    take_away(User.objects.select_for_update().get(pk=member.pk))


def take_away(member: User, *, by: User | None = None) -> None:
    if not has_one(member):
        raise ValidationError(_("%(name)s has no second factor."), code="none", params={"name": member.name})
    Authenticator.objects.filter(user=member).delete()
    sessions.end_all(member)
    emit("two_factor.reset", member, by=by)
    if member.email:
        name = by.name if by else settings.BRAND["NAME"]
        url = required().url(reverse("mfa_index", urlconf=settings.ROOT_URLCONF))
        context = {"member": member, "name": name, "url": url}
        post(to=member.email, reader=member, template="two_factor_reset", context=context)
