"""Encrypting the secrets of authenticators anew, with the first of ENCRYPTION_KEYS."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from shared import encryption

# Where `data` has the secret: of an authenticator app, and of recovery codes.
NAMES = ("secret", "seed")


def reencrypt_all() -> int:
    """Encrypt what is not encrypted with the present key; returns how many rows. Raises UnreadableSecret."""
    stored = Coalesce(*(KeyTextTransform(name, "data") for name in NAMES))
    rows = Authenticator.objects.alias(stored=stored).filter(stored__isnull=False)
    others = rows.exclude(stored__startswith=encryption.current_prefix()).order_by("pk")
    return sum(reencrypt(pk) for pk in others.values_list("pk", flat=True))


@transaction.atomic
def reencrypt(pk: int) -> bool:
    """Lock the row, so that a code that is used at this moment stays used. False if the row is gone."""
    authenticator = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if authenticator is None:
        return False
    for name in authenticator.data.keys() & set(NAMES):
        authenticator.data[name] = encryption.encrypt(encryption.decrypt(authenticator.data[name]))
    authenticator.save(update_fields=["data"])
    return True
