"""Encrypting the client secret anew, with the first of ENCRYPTION_KEYS."""

from django.db import transaction

from profiles.own_sign_in.models import Provider
from shared.encryption import PREFIX, current_prefix, decrypt, encrypt


@transaction.atomic
def reencrypt_all() -> int:
    """Returns how many rows. Locks the row, so that a secret that an owner enters at this moment stays.

    Raises UnreadableSecret.
    """
    behind = Provider.objects.filter(secret__startswith=PREFIX).exclude(secret__startswith=current_prefix())
    rows = list(behind.select_for_update())
    for provider in rows:
        provider.secret = encrypt(decrypt(provider.secret))
        provider.save(update_fields=["secret"])
    return len(rows)
