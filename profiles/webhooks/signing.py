"""Secrets of endpoints, and signatures with them. https://www.standardwebhooks.com"""

import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from standardwebhooks import Webhook

from profiles.webhooks.models import Endpoint
from shared.encryption import PREFIX as ENCRYPTED
from shared.encryption import UnreadableSecret, current_prefix, decrypt, encrypt

PREFIX = "whsec_"
BYTES = 32


def new() -> str:
    """A new secret, encrypted as it is stored."""
    return encrypt(PREFIX + b64encode(secrets.token_bytes(BYTES)).decode())


def read(stored: str) -> str:
    """The secret as its receiver needs it. Raises UnreadableSecret, also for what an import has left out."""
    text = decrypt(stored)
    if not text.startswith(PREFIX):
        raise UnreadableSecret("This is no secret of a webhook.")
    return text


def headers(stored: Iterable[str], *, message: str, at: datetime, body: str) -> dict[str, str]:
    """The headers that sign a body with each of these secrets. Raises UnreadableSecret."""
    signatures = [Webhook(read(each)).sign(message, at, body) for each in stored]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def reencrypt_all() -> int:
    """Encrypt secrets with the present key that were encrypted with an earlier one; returns in how many endpoints."""
    return sum(reencrypt(endpoint.pk) for endpoint in Endpoint.objects.oldest_first() if is_behind(endpoint))


def is_behind(endpoint: Endpoint) -> bool:
    stored = filter(None, [endpoint.secret, endpoint.former_secret])
    return any(each.startswith(ENCRYPTED) and not each.startswith(current_prefix()) for each in stored)


@transaction.atomic
def reencrypt(pk: int) -> bool:
    """Lock the row, so that a secret that is renewed at this moment stays renewed. False if the row is gone."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=pk).first()
    if endpoint is None:
        return False
    endpoint.secret = encrypt(decrypt(endpoint.secret))
    endpoint.former_secret = encrypt(decrypt(endpoint.former_secret)) if endpoint.former_secret else ""
    endpoint.save(update_fields=["secret", "former_secret"])
    return True
