"""make_owner: what belongs to the first member of a new organisation (setting TENANT_OWNER)."""

from allauth.account.models import EmailAddress

from profiles.models import HandOff, User
from profiles.roles import Role
from profiles.sign_in.usernames import first_username
from profiles.sign_in.verification import ask_to_verify
from tenants.context import required
from tenants.errors import SpareInUse


def make_owner(*, name: str, email: str, password_hash: str) -> str:
    """Make the owner in the current tenant, and return the path that signs them in there once.

    The password comes hashed (django.contrib.auth.hashers.make_password). Raises SpareInUse if a user has joined
    since the tenant was made. Users that a migration makes are in the template too, and older.
    """
    if User.objects.filter(date_joined__gt=required().created).exists():
        raise SpareInUse(required().schema_name)
    first, _, last = name.partition(" ")
    owner = User(username=first_username(email), email=email, first_name=first, last_name=last, role=Role.OWNER)
    owner.password = password_hash
    owner.save()
    address = EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=False)
    hand_off = HandOff.objects.create(user=owner)
    ask_to_verify(address)
    return hand_off.path
