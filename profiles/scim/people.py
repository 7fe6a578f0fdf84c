"""What a directory does to members: make and change them.

It acts as a service that is an admin, so it makes no owners and changes no owner's role. It does not change an owner's
email address either, since the person who reads the mailbox can choose a new password. leaving.py has the ends.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.invitations.changes import EMAIL_TAKEN, VIOLATIONS, check_may_give, join, locked
from profiles.members.changes import deactivate
from profiles.models import Invitation, User
from profiles.models.user import normalised
from profiles.roles import Role
from profiles.scim import resources
from profiles.scim.accounts import account_of, members, name_of, named
from profiles.scim.leaving import bring_back, end
from profiles.scim.models import Account, Directory
from profiles.scim.telling import tell
from profiles.sign_in.usernames import free_username
from shared.emails import canonical_email
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify

LONGEST_NAME, LONGEST_ID = 254, 200


@transaction.atomic
def make(*, directory: Directory, wanted: resources.User) -> User:
    """A new member, with the role of an invitation or of the settings, and without a password.

    Raises PermissionDenied, and ValidationError for values that are taken or not valid.
    """
    email = address(wanted)
    invitation = locked(Invitation.objects.open().filter(email=email))
    if invitation and invitation.role == Role.OWNER:
        raise ValidationError(_("%(email)s is invited as an owner."), code="owner", params={"email": email})
    role = invitation.role if invitation else directory.role
    by = directory.service
    check_may_give(by, role)
    check_free(wanted.user_name or "", email)
    member = User(username=free_username(email), email=email, role=role)
    member.first_name, member.last_name = names(wanted)
    member.password = make_password(None)
    save_new(member)
    if invitation:
        invitation.accepted = timezone.now()
        invitation.save(update_fields=["accepted"])
    emit("member.joined", member, *filter(None, [invitation]), by=by, role=("", role))
    keep_account(member, wanted)
    notify(member, "member.welcome", organisation=required().name)
    if wanted.active is False:
        deactivate(actor=by, member=member)
    elif directory.sends_mail:
        tell(member)
    return member


@transaction.atomic
def change(*, by: User, member: User, before: resources.User, wanted: resources.User) -> None:
    """Make a member what the directory says. Raises like make()."""
    if wanted.emails != before.emails and (email := address(wanted)) != member.email:
        change_email(member, email, by=by)
    if names(wanted) != (member.first_name, member.last_name):
        rename(member, *names(wanted), by=by)
    if (before.user_name, before.external_id) != (wanted.user_name, wanted.external_id):
        link(member, wanted, by=by)
    if wanted.active is not None and wanted.active != member.is_active:
        (bring_back if wanted.active else end)(by=by, member=member)


def save_new(member: User) -> None:
    """Raises ValidationError, also if another person has joined with the same address since check_free()."""
    try:
        join(member)
    except ValidationError as error:
        if {"username", "email"} & set(getattr(error, "error_dict", {})):
            raise taken({"emails": EMAIL_TAKEN}) from error
        raise


def address(wanted: resources.User) -> str:
    """The address that counts, in its canonical spelling. Raises ValidationError."""
    given = [each for each in wanted.emails or () if each.value]
    first = sorted(given, key=lambda each: (not each.primary, each.type != "work"))[:1]
    try:
        return canonical_email(first[0].value or "" if first else "")
    except ValidationError as error:
        raise ValidationError({"emails": error}) from error


def names(wanted: resources.User) -> tuple[str, str]:
    name = wanted.name or resources.Name()
    return (name.given_name or "").strip(), (name.family_name or "").strip()


def check_free(user_name: str, email: str, member: User | None = None) -> None:
    """Raise ValidationError, code "unique", if another member has this userName or address."""
    itself = [member.pk] if member else []
    if members().exclude(pk__in=itself).filter(named(user_name)).exists():
        raise taken({"userName": _("Another member has this userName.")})
    if User.objects.exclude(pk__in=itself).filter(email=email).exists():
        raise taken({"emails": EMAIL_TAKEN})


def taken(words: dict[str, Any]) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code="unique") for field, sentence in words.items()})


def keep_account(member: User, wanted: resources.User) -> None:
    """Store what the directory calls the member. Raises ValidationError for what another one is called."""
    user_name, external_id = normalised(wanted.user_name or ""), wanted.external_id or ""
    if not 0 < len(user_name) <= LONGEST_NAME or len(external_id) > LONGEST_ID:
        words = _("A userName has at most %(name)s characters, and an externalId %(id)s.")
        values = {"name": LONGEST_NAME, "id": LONGEST_ID}
        raise ValidationError({"userName": ValidationError(words, code="long", params=values)})
    is_new = account_of(member) is None
    try:
        with transaction.atomic():
            account = Account(member=member, user_name=user_name, external_id=external_id)
            account.save(force_insert=is_new, force_update=not is_new)
    except IntegrityError as error:
        raise taken({"externalId": _("Another member has this userName or externalId.")}) from error


def link(member: User, wanted: resources.User, *, by: User) -> None:
    check_free(wanted.user_name or "", member.email, member)
    is_new = account_of(member) is None
    former = name_of(member)
    keep_account(member, wanted)
    if is_new:
        emit("scim.member_linked", member, by=by)
    else:
        emit("scim.member_changed", member, by=by, userName=(former, normalised(wanted.user_name or "")))


def rename(member: User, first: str, last: str, *, by: User) -> None:
    emit(
        "scim.member_changed", member, by=by, first_name=(member.first_name, first), last_name=(member.last_name, last)
    )
    member.first_name, member.last_name = first, last
    member.save(update_fields=["first_name", "last_name"])


def change_email(member: User, email: str, *, by: User) -> None:
    """The directory vouches for the new address: it counts as verified, and the old one is gone."""
    if member.role == Role.OWNER:
        raise PermissionDenied(_("Owners change their email address themselves."))
    check_free("", email, member)
    emit("email.changed", member, by=by, email=(member.email, email))
    if "@" in member.username:
        member.username = email
    member.email = email
    try:
        with transaction.atomic():
            member.save(update_fields=["username", "email"])
            EmailAddress.objects.filter(user=member).delete()
            EmailAddress.objects.create(user=member, email=email, primary=True, verified=True)
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if constraint not in VIOLATIONS:
            raise
        raise taken({"emails": EMAIL_TAKEN}) from error
