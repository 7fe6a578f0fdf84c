"""What owners do: set the provider up, test it, switch it on and off, remove it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.members.changes import locked
from profiles.models import User
from profiles.own_sign_in.connecting import connect
from profiles.own_sign_in.discovery import discover
from profiles.own_sign_in.models import Identity, Provider, State
from profiles.own_sign_in.rules import sets_up
from profiles.two_factor.row import has_one
from shared.encryption import encrypt
from tenants.context import required
from tenants.events import emit

# A change of these has to be tested anew.
TESTED = ("issuer", "client_id", "scopes")
CHANGED = (
    *("name", *TESTED, "trusts_addresses", "makes_members", "own_domains_only", "role"),
    *("takes_names", "takes_photos", "groups_claim", "roles"),
)


def set_up(*, actor: User, provider: Provider, secret: str) -> None:
    """Keep what was entered; an empty secret leaves the present one.

    Raises PermissionDenied, and ValidationError for an issuer that does not answer as a provider.
    """
    metadata = discover(provider.issuer)  # Outside the transaction: it may take seconds.
    with transaction.atomic():
        allow(actor)
        before = Provider.objects.select_for_update().filter(pk=1).first()
        if before is None and not secret:
            raise ValidationError({"secret": ValidationError(_("Enter the client secret."), code="required")})
        changes = {name: (getattr(before, name) if before else "", getattr(provider, name)) for name in CHANGED}
        emit("own_sign_in.changed", required(), by=actor, **changes, **({"secret": None} if secret else {}))
        if before:
            keep(before, provider)
        if secret:
            provider.secret = encrypt(secret)
        if before and (secret or any(changes[name][0] != changes[name][1] for name in TESTED)):
            provider.version, provider.state = before.version + 1, State.DRAFT
        if before and before.issuer != provider.issuer:
            Identity.objects.all().delete()
        provider.metadata, provider.discovered = metadata, timezone.now()
        provider.save()


def keep(before: Provider, provider: Provider) -> None:
    """What the form does not set stays as it is now, and not as it was when the form was loaded."""
    provider.secret, provider.version, provider.state = before.secret, before.version, before.state


@transaction.atomic
def note_test(*, actor: User, version: int, subject: str) -> None:
    """The owner has signed in at the provider, and is connected if they were not. Raises ValidationError."""
    allow(actor)
    provider = Provider.objects.select_for_update().filter(pk=1, version=version).first()
    if provider is None:
        raise ValidationError(_("The settings have been changed meanwhile. Try again."), code="changed")
    emit("own_sign_in.tested", required(), by=actor)
    if provider.state == State.DRAFT:
        provider.state = State.TESTED
        provider.save(update_fields=["state"])
    if not Identity.objects.filter(member=actor, subject=subject).exists():
        Identity.objects.filter(member=actor).delete()
        connect(member=actor, subject=subject)


@transaction.atomic
def switch(*, actor: User, state: str) -> None:
    """Off, on, or required. Raises PermissionDenied, and ValidationError before the test, or if owners might be locked
    out.
    """
    allow(actor)
    provider = Provider.objects.select_for_update().filter(pk=1).first()
    if provider is None or provider.state == State.DRAFT:
        raise ValidationError(_("Test the sign-in first."), code="untested")
    if state == State.REQUIRED and not has_one(actor):
        words = _("Set up a second factor of your own first: owners keep their password for when the provider is down.")
        raise ValidationError(words, code="no_factor")
    emit("own_sign_in.switched", required(), by=actor, state=(provider.state, state))
    provider.state = state
    provider.save(update_fields=["state"])


@transaction.atomic
def remove(*, actor: User) -> None:
    """With the secret, and with the knowledge who is who there. Members keep their other ways to sign in."""
    allow(actor)
    emit("own_sign_in.removed", required(), by=actor)
    Identity.objects.all().delete()
    Provider.objects.all().delete()


def allow(actor: User) -> None:
    people = locked(actor)
    if actor.pk not in people or not sets_up(people[actor.pk]):
        raise PermissionDenied
