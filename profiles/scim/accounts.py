"""Members as users of SCIM: which there are, what they are called, and how they are found."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from scim2_models import Meta

from profiles.api.services import services
from profiles.models import User as Member
from profiles.models.user import UserQuerySet, normalised
from profiles.scim.filters import ALL, NONE, Columns, by_pk, is_true
from profiles.scim.models import Account
from profiles.scim.resources import Email, GroupOfUser, Name, User
from shared.emails import same_mailbox


def members() -> UserQuerySet:
    """All members but services, deactivated ones too, with their accounts."""
    found: UserQuerySet = Member.objects.exclude(services()).select_related("directory_account")
    return found


def account_of(member: Member) -> Account | None:
    return getattr(member, "directory_account", None)


def name_of(member: Member) -> str:
    """The userName: what the directory has given, or else the address; a member without one is called as here."""
    account = account_of(member)
    return account.user_name if account else member.email or member.username


def named(value: Any) -> Q:
    """The member with this userName, in any spelling."""
    name = normalised(str(value))
    linked = Account.objects.filter(member=OuterRef("pk"))
    own = Q(email=same_mailbox(name)) & ~Q(email="") | Q(email="", username__iexact=name)
    found: Q = Q(pk__in=Account.objects.filter(user_name__iexact=name).values("pk")) | (own & Q(~Exists(linked)))
    return found


def has_email(value: Any) -> Q:
    return Q(email=same_mailbox(str(value))) if value else NONE


COLUMNS: Columns = {
    "id": by_pk,
    "username": named,
    "externalid": lambda value: Q(directory_account__external_id=value) if value else NONE,
    "active": lambda value: Q(is_active=is_true(value)),
    "emails": has_email,
    "emails.value": has_email,
    "emails.type": lambda value: ALL if str(value).lower() == "work" else NONE,
    "emails.primary": lambda value: ALL if is_true(value) else NONE,
}


def shown(member: Member, groups: Sequence[GroupOfUser] | None = None) -> User:
    account = account_of(member)
    name = Name(given_name=member.first_name or None, family_name=member.last_name or None)
    return User(
        id=str(member.pk),
        external_id=(account.external_id or None) if account else None,
        user_name=name_of(member),
        name=name if member.first_name or member.last_name else None,
        active=member.is_active,
        emails=[Email(value=member.email, type=Email.Type.work, primary=True)] if member.email else None,
        groups=list(groups) if groups else None,
        meta=Meta(created=member.date_joined),
    )
