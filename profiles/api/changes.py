"""Changes of tokens: make one for a member or a new service, renew one, revoke one or all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_network

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from profiles.api import scopes, texts
from profiles.api.models import Token, TokenPolicy
from profiles.api.rights import manages_tokens, revokes, revokes_all
from profiles.members.changes import locked, remove
from profiles.models import User
from profiles.roles import Role, grants
from tenants.events import emit
from tenants.limits.addresses import IPV6_PREFIX

# The second click of a double click comes within so many seconds.
CLICKS_SECONDS = 10
GIVEN = ("name", "networks", "expires")
# Of one member, and without services.
MOST_TOKENS = 50


@dataclass(frozen=True)
class Wishes:
    """The wanted properties of a token, validated by a form."""

    name: str
    scopes: list[str]
    networks: str = ""
    expires: datetime | None = None


@transaction.atomic
def issue(*, member: User, wishes: Wishes) -> tuple[Token, str]:
    """Make a token for a member. Its text is returned only here and never stored.

    A double click makes one token: the second one replaces the first, whose text was not shown. Raises PermissionDenied
    where members make none, and ValidationError for one too many, or by field for wishes that no token can have.
    """
    check_wishes(wishes)
    member = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not member.is_active or not TokenPolicy.load().members_make_tokens:
        raise PermissionDenied
    just_now = timezone.now() - timedelta(seconds=CLICKS_SECONDS)
    Token.objects.of(member).filter(name=wishes.name, created__gt=just_now, used=None).delete()
    if Token.objects.of(member).count() >= MOST_TOKENS:
        words = _("You can have %(most)s tokens. Revoke one first.")
        raise ValidationError(words, code="too_many", params={"most": MOST_TOKENS})
    return new_token(member, wishes, by=member, is_service=False)


@transaction.atomic
def issue_service(*, actor: User, role: str, wishes: Wishes) -> tuple[Token, str]:
    """Make a service, which is a member without password and address, and its token.

    Raises PermissionDenied if the actor does not manage tokens or may not give this role. No service is an owner.
    Raises ValidationError, by field, for wishes that no token can have.
    """
    check_wishes(wishes)
    actor = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if not manages_tokens(actor) or not grants(actor, role) or role == Role.OWNER:
        raise PermissionDenied
    just_now = timezone.now() - timedelta(seconds=CLICKS_SECONDS)
    User.objects.filter(
        pk__in=Token.objects.filter(is_service=True, name=wishes.name, created__gt=just_now, used=None).values("user")
    ).delete()
    service = User(username=service_username(), first_name=wishes.name, role=role)
    service.set_unusable_password()
    service.save()
    return new_token(service, wishes, by=actor, is_service=True)


def service_username() -> str:
    return f"service-{get_random_string(8, '0123456789abcdefghijklmnopqrstuvwxyz')}"


@transaction.atomic
def renew(*, actor: User, token: Token) -> str:
    """Give a token a new text, with the same rights and expiry. The earlier text stops working.

    Raises PermissionDenied unless the token is the actor's own, or of a service that the actor manages.
    """
    token = Token.objects.select_for_update(of=["self"]).select_related("user").get(pk=token.pk)
    if not revokes(actor, token) or (not token.is_service and actor.pk != token.user_id):
        raise PermissionDenied
    text = texts.make(token.pk)
    token.digest = texts.digest(text)
    token.save(update_fields=["digest"])
    emit("token.renewed", token, token.user, by=actor)
    return text


@transaction.atomic
def revoke(*, actor: User, token: Token) -> None:
    """Delete a token, and the service that it is for. Raises PermissionDenied, and Token.DoesNotExist if it is gone."""
    locked(actor, token.user)
    token = Token.objects.select_for_update(of=["self"]).select_related("user").get(pk=token.pk)
    if not revokes(actor, token):
        raise PermissionDenied
    emit("token.revoked", token, token.user, by=actor)
    if token.is_service:
        remove(actor=actor, member=token.user)
    else:
        token.delete()


@transaction.atomic
def revoke_all(*, actor: User) -> int:
    """Revoke all tokens of the organisation. Services stay and can be given a new one. Returns how many.

    Raises PermissionDenied.
    """
    if not revokes_all(User.objects.select_for_update(no_key=True).get(pk=actor.pk)):
        raise PermissionDenied
    emit("token.all_revoked", by=actor)
    return Token.objects.end()


def check_wishes(wishes: Wishes) -> None:
    """Raise ValidationError, by field, for what the form offers to no one."""
    Token(name=wishes.name, networks=wishes.networks, expires=wishes.expires).check_values(GIVEN)
    try:
        for each in wishes.networks.split():
            network(each)
    except ValidationError as error:
        raise ValidationError({"networks": error}) from error
    if not wishes.scopes or not set(wishes.scopes) <= {scope for scope, _label in scopes.choices()}:
        raise ValidationError({"scopes": ValidationError(_("Choose at least one."), code="unknown")})


def network(text: str) -> str:
    """A network in its canonical form. Raises ValidationError if it is invalid or too small."""
    try:
        found = ip_network(text, strict=False)
    except ValueError as error:
        words = _("%(text)s is not an IP address or range.")
        raise ValidationError(words, code="network", params={"text": text}) from error
    if isinstance(found, IPv6Network) and found.prefixlen > IPV6_PREFIX:
        found = found.supernet(new_prefix=IPV6_PREFIX)
    return str(found)


def new_token(user: User, wishes: Wishes, *, by: User, is_service: bool) -> tuple[Token, str]:
    token = Token(
        user=user,
        name=wishes.name,
        scope=" ".join(wishes.scopes),
        networks=wishes.networks,
        expires=wishes.expires,
        is_service=is_service,
    )
    text = texts.make(token.pk)
    token.digest = texts.digest(text)
    token.save(force_insert=True)
    emit("token.made", token, user, by=by, scope=("", token.scope))
    return token, text
