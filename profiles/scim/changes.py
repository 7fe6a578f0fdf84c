"""What owners do: switch provisioning on, change its rules, make and revoke tokens, remove it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.api import texts
from profiles.api.changes import CLICKS_SECONDS, Wishes, service_username
from profiles.api.models import Token, TokenQuerySet
from profiles.members.changes import locked
from profiles.members.changes import remove as remove_member
from profiles.models import User
from profiles.roles import Role
from profiles.scim.models import Account, Directory
from profiles.scim.place import SCOPE
from profiles.scim.rights import sets_up
from tenants.context import required
from tenants.events import emit

MOST_TOKENS = 2  # the present one, and the next one while the directory still sends the present one
CHANGED = ("role", "roles", "sends_mail")


def tokens() -> TokenQuerySet:
    """The tokens that have a text. A service keeps the row of a revoked one (profiles.api.models)."""
    found: TokenQuerySet = Token.objects.filter(scope=SCOPE).exclude(digest="")
    return found


@transaction.atomic
def switch_on(*, actor: User, directory: Directory) -> Directory:
    """Make the service that acts for the directory. Raises PermissionDenied."""
    allow(actor)
    if found := Directory.current():
        return found
    service = User(username=service_username(), first_name="SCIM", role=Role.ADMIN)
    service.set_unusable_password()
    service.save()
    # Services are known by their tokens, and this one has none yet: a row without a text.
    Token.objects.create(user=service, name="SCIM", scope=SCOPE, is_service=True)
    directory.service = service
    directory.save(force_insert=True)
    emit("scim.switched_on", required(), by=actor, **{name: ("", getattr(directory, name)) for name in CHANGED})
    return directory


@transaction.atomic
def change(*, actor: User, directory: Directory) -> None:
    """Keep other rules. Raises PermissionDenied, and Directory.DoesNotExist if provisioning was removed."""
    allow(actor)
    before = Directory.objects.select_for_update().get(pk=directory.pk)
    changes = {name: (getattr(before, name), getattr(directory, name)) for name in CHANGED}
    emit("scim.changed", required(), by=actor, **changes)
    directory.save(update_fields=CHANGED)


@transaction.atomic
def issue(*, actor: User, wishes: Wishes) -> tuple[Token, str]:
    """Make a token. Its text is returned only here and never stored.

    A double click makes one: the second one replaces the first, whose text was not shown. Raises PermissionDenied, and
    ValidationError if there are two already.
    """
    allow(actor)
    directory = Directory.objects.select_for_update().select_related("service").get()
    just_now = timezone.now() - timedelta(seconds=CLICKS_SECONDS)
    tokens().filter(name=wishes.name, created__gt=just_now, used=None).update(digest="")
    if tokens().count() >= MOST_TOKENS:
        words = _("There are two tokens already. Revoke the one that your directory no longer uses.")
        raise ValidationError(words, code="most")
    Token.objects.filter(scope=SCOPE, digest="").delete()
    token = Token(user=directory.service, name=wishes.name, scope=SCOPE, is_service=True)
    token.networks, token.expires = wishes.networks, wishes.expires
    text = texts.make(token.pk)
    token.digest = texts.digest(text)
    token.save(force_insert=True)
    emit("scim.token_made", token, by=actor)
    return token, text


@transaction.atomic
def revoke(*, actor: User, token: Token) -> None:
    """Raises PermissionDenied."""
    allow(actor)
    if tokens().filter(pk=token.pk).update(digest=""):
        emit("scim.token_revoked", token, by=actor)


@transaction.atomic
def remove(*, actor: User) -> None:
    """With the service, its tokens, and the names in the directory. The members stay. Raises PermissionDenied."""
    allow(actor)
    directory = Directory.objects.select_for_update().select_related("service").filter(pk=1).first()
    if directory is None:
        return
    emit("scim.removed", required(), by=actor)
    Account.objects.all().delete()
    remove_member(actor=actor, member=directory.service)


def allow(actor: User) -> None:
    people = locked(actor)
    if actor.pk not in people or not sets_up(people[actor.pk]):
        raise PermissionDenied
