"""System check: a provider is set up whole, or not at all."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

VARIABLES = {"client_id": "{}_CLIENT_ID", "secret": "{}_CLIENT_SECRET", "url": "{}_ISSUER"}


@register
def check_providers(**_others: Any) -> list[CheckMessage]:
    """Without it, the button would be missing without a word."""
    return [half(name, values) for name, values in settings.PROVIDERS.items() if is_half(name, values)]


def is_half(name: str, values: dict[str, str]) -> bool:
    """The others' addresses have a default, so they are no sign that the provider is to be set up."""
    needed = needed_of(name, values)
    return any(needed.values()) and not all(needed.values())


def needed_of(name: str, values: dict[str, str]) -> dict[str, str]:
    return {key: values.get(key, "") for key in VARIABLES if key != "url" or name == "oidc"}


def half(name: str, values: dict[str, str]) -> Error:
    missing = [VARIABLES[key].format(name.upper()) for key, value in needed_of(name, values).items() if not value]
    return Error(
        f"Signing in with the provider {name!r} is set up by half: {' and '.join(missing)} is empty.",
        hint="Set it, or unset all variables of this provider (docs/signing-in.md).",
        id="providers.E001",
    )
