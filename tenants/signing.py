"""Signed values that are worth nothing in another tenant."""

from typing import Any

from django.core import signing

from tenants.context import required


def dumps(value: Any, salt: str) -> str:
    """Sign a value for the current tenant. Raises NoTenant outside all of them."""
    return signing.dumps(value, salt=_salt(salt))


def loads(token: str, salt: str, max_age: int) -> Any:
    """The value signed for the current tenant at most `max_age` seconds ago. Raises
    django.core.signing.BadSignature.
    """
    return signing.loads(token, salt=_salt(salt), max_age=max_age)


def _salt(salt: str) -> str:
    return f"{required().schema_name}:{salt}"
