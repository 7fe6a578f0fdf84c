"""The text of a token: `tnt_`, a number that finds its row, a secret, and a checksum of all that."""

import secrets
from hashlib import sha256
from typing import NamedTuple
from zlib import crc32

from django.conf import settings

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH = 8, 30, 6  # the secret: 178 random bits
MOST_IDS = BASE**ID_LENGTH


class Text(NamedTuple):
    """A token as its program sends it, taken apart."""

    id: int
    digest: str


def base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, BASE)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))


def number_of(text: str) -> int:
    number = 0
    for digit in text:
        number = number * BASE + DIGITS.index(digit)
    return number


def checksum(text: str) -> str:
    return base62(crc32(text.encode()), CHECKSUM_LENGTH)


def digest(text: str) -> str:
    """The stored hash of a token. A token is random, so it needs no salt and no slow hash."""
    return sha256(text.encode()).hexdigest()


def random_id() -> int:
    return secrets.randbelow(MOST_IDS)


def beginning(id: int) -> str:  # noqa: A002  the column's name
    """The beginning of a token, which pages show to identify it."""
    return f"{settings.API_TOKEN_PREFIX}{base62(id, ID_LENGTH)}"


def make(id: int) -> str:  # noqa: A002
    """A new token for the row with this primary key."""
    text = beginning(id) + "".join(secrets.choice(DIGITS) for _ in range(SECRET_LENGTH))
    return text + checksum(text)


def read(text: str) -> Text | None:
    """None if it cannot be a token: the checksum finds most typing errors without the database."""
    prefix = settings.API_TOKEN_PREFIX
    body = text.removeprefix(prefix)
    is_whole = text.startswith(prefix) and len(body) == ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH
    if not is_whole or not set(body) <= set(DIGITS) or checksum(text[:-CHECKSUM_LENGTH]) != text[-CHECKSUM_LENGTH:]:
        return None
    return Text(number_of(body[:ID_LENGTH]), digest(text))
