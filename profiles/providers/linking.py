"""Links a member with an account at a provider, and unlinks them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.models import User
from profiles.providers.models import Identity
from profiles.providers.offered import label_of
from tenants.events import emit
from tenants.notices import notify

# The message for a violated constraint.
VIOLATIONS = {
    "providers_identity_pkey": gettext_lazy("Your account is linked to another %(provider)s account. Unlink it first."),
    "providers_identity_subject": gettext_lazy("This %(provider)s account is linked to another member."),
}


def link(*, member: User, provider: str, subject: str, shown: str) -> None:
    """Raises ValidationError, with a sentence, if one of the two is linked already, or is no slug."""
    validate_slug(provider)
    label = label_of(provider)
    try:
        with transaction.atomic():
            Identity.objects.create(member=member, provider=provider, subject=subject, shown=shown)
            emit("provider.linked", member, by=member, provider=("", label))
            notify(member, "provider.linked", provider=label)
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        raise ValidationError(VIOLATIONS[constraint] % {"provider": label}, code="linked") from error


@transaction.atomic
def unlink(*, member: User, provider: str) -> None:
    """Raises ValidationError for a member with neither a password nor another provider, and Identity.DoesNotExist."""
    member = User.objects.select_for_update().get(pk=member.pk)
    identities = Identity.objects.filter(member=member)
    found = identities.get(provider=provider)
    if not member.has_usable_password() and not identities.exclude(provider=provider).exists():
        words = _("Set a password before you unlink your %(provider)s account: you have none.")
        raise ValidationError(words % {"provider": label_of(provider)}, code="last")
    emit("provider.unlinked", member, by=member, provider=(label_of(provider), ""))
    found.delete()
