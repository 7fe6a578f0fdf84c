"""make_owner: makes the first member of a new organisation (setting TENANT_OWNER)."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.language import first_language
from profiles.models import HandOff, User
from profiles.roles import Role
from profiles.sign_in.usernames import first_username, free_username
from profiles.sign_in.verification import ask_to_verify
from tenants.context import required
from tenants.errors import SpareInUse
from tenants.events import emit


def make_owner(*, name: str, email: str, password_hash: str) -> str:
    """Make the owner in the current tenant, and return a path that signs them in there once.

    The password is already hashed (django.contrib.auth.hashers.make_password). Raises SpareInUse if a user has joined
    since the tenant was made; users that migrations make are older, since the template has them too. Raises
    ValidationError, by field, if one of those has the address.
    """
    if User.objects.filter(date_joined__gt=required().created).exists():
        raise SpareInUse(required().schema_name)
    first, _space, last = name.partition(" ")
    owner = User(username=username_beside_others(email), email=email, first_name=first, last_name=last, role=Role.OWNER)
    owner.password, owner.language = password_hash, first_language()
    owner.save()
    address = EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=False)
    hand_off = HandOff.objects.create(user=owner)
    emit("organisation.created", owner, by=owner)
    ask_to_verify(address)
    return hand_off.path


def username_beside_others(email: str) -> str:
    """A username for the owner. One query if the organisation has no members yet, which is the usual case."""
    people = User.objects.values_list("email", flat=True)
    if not people.exists():
        return first_username(email)
    if people.filter(email=email).exists():
        raise ValidationError({"email": ValidationError(_("This address cannot be an owner's here."), code="taken")})
    return free_username(email)
