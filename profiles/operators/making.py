"""The operators' organisation is made, and its first owners: from the command line alone."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from profiles.models import HandOff, User
from profiles.roles import Role
from profiles.sign_in.usernames import free_username
from profiles.sign_in.verification import ask_to_verify
from shared.emails import canonical_email
from tenants.context import public, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.sign_up import SignedUp, make_organisation
from tenants.schemas.spares import make_spare
from tenants.serving import hosts


def make_operator(email: str) -> str:
    """Make this address an owner's of the operators' organisation, and return a link that signs the owner in once.

    The first call makes the organisation too. Raises ValidationError for what is no address, and AddressTaken if
    another organisation has the slug OPERATORS_SLUG.
    """
    email = canonical_email(email)
    with public():
        tenant = Tenant.objects.standing().filter(is_operators=True).first()
    if tenant is None:
        return make_operators(email)
    with within(tenant), transaction.atomic():
        return tenant.url(make_owner(email))


def make_operators(email: str) -> str:
    """All or nothing. The slug is a reserved one, which sign_up() refuses."""
    make_spare()
    owner = {"name": email.partition("@")[0], "email": email, "password_hash": make_password(None)}
    name = f"{settings.BRAND['NAME']} operators"
    return make_organisation(name=name, slug=settings.OPERATORS_SLUG, owner=owner, also=mark).url


def mark(made: SignedUp) -> None:
    made.tenant.is_operators = True
    made.tenant.save(update_fields=["is_operators"])
    hosts.forget()


def make_owner(email: str) -> str:
    """The path that signs the owner in, who may be a member already."""
    member = User.objects.select_for_update().filter(email=email).first()
    if member is None:
        member = User(username=free_username(email), email=email, role=Role.OWNER, password=make_password(None))
        member.save()
        ask_to_verify(EmailAddress.objects.create(user=member, email=email, primary=True, verified=False))
        emit("member.joined", member, role=("", Role.OWNER))
    elif member.role != Role.OWNER or not member.is_active:
        emit("member.role_changed", member, role=(member.role, Role.OWNER))
        member.role, member.is_active = Role.OWNER, True
        member.save(update_fields=["role", "is_active"])
    return HandOff.objects.create(user=member).path
