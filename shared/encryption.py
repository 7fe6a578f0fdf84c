"""Secrets that have to be read again, encrypted at rest: encrypt(), decrypt(), and the setting ENCRYPTION_KEYS."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

# "encrypted:", the name of the key, ":", and a Fernet token: https://github.com/fernet/spec
PREFIX = "encrypted:"


class UnreadableSecret(Exception):
    """A stored secret was encrypted with a key that is not in ENCRYPTION_KEYS, or the text was changed."""


def encrypt(text: str) -> str:
    """Encrypt a text with the first of ENCRYPTION_KEYS."""
    key = settings.ENCRYPTION_KEYS[0]
    return current_prefix() + fernet(key).encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """The text that was given to encrypt(). Unencrypted text, which was stored before encryption existed, is returned
    unchanged. Raises UnreadableSecret.
    """
    if not text.startswith(PREFIX):
        return text
    name, _, token = text.removeprefix(PREFIX).partition(":")
    for key in settings.ENCRYPTION_KEYS:
        if name_of(key) == name:
            try:
                return fernet(key).decrypt(token).decode()
            except InvalidToken as error:
                raise UnreadableSecret(f"A secret that was encrypted with the key {name} has been altered.") from error
    raise UnreadableSecret(f"A secret is encrypted with the key {name}, which is not in ENCRYPTION_KEYS.")


def current_prefix() -> str:
    """The prefix of texts encrypted with the first key. All other texts need to be encrypted again."""
    return f"{PREFIX}{name_of(settings.ENCRYPTION_KEYS[0])}:"


def name_of(key: str) -> str:
    """The public name of a key, which reveals nothing about it."""
    return sha256(b"name:" + key.encode()).hexdigest()[:8]


def fernet(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"fernet:" + key.encode()).digest()))
