"""Signed values that are valid in one tenant only."""

import zlib
from typing import Any

from django.core import signing

from tenants.context import required

# The largest number of a primary key. https://www.postgresql.org/docs/current/datatype-numeric.html
LARGEST = 2**63 - 1


def dumps(value: Any, salt: str) -> str:
    """Sign a value for the current tenant. Raises NoTenant outside all tenants."""
    return signing.dumps(value, salt=_salt(salt))


def loads(token: str, salt: str, max_age: int, *, shape: Any) -> Any:
    """The value signed for the current tenant at most `max_age` seconds ago.

    `shape` is the type that the caller expects: `int` for a primary key, `str` for a line of text, or a dict of these.
    Another release may have signed values of another shape; those links are invalid too. Raises
    django.core.signing.BadSignature for any invalid value.
    """
    try:
        value = signing.loads(token, salt=_salt(salt), max_age=max_age)
    except (ValueError, zlib.error) as error:
        raise signing.BadSignature("What was signed cannot be read.") from error
    if not _has_shape(value, shape):
        raise signing.BadSignature("What was signed has another shape: another release signed it.")
    return value


def _has_shape(value: Any, shape: Any) -> bool:
    if isinstance(shape, dict):
        is_alike = isinstance(value, dict) and value.keys() == shape.keys()
        return is_alike and all(_has_shape(value[key], shape[key]) for key in shape)
    if shape is int:
        return type(value) is int and abs(value) <= LARGEST
    # PostgreSQL cannot store text with a NUL or a lone surrogate, and our links never contain any.
    return isinstance(value, shape) and value.isprintable()


def _salt(salt: str) -> str:
    return f"{required().schema_name}:{salt}"
