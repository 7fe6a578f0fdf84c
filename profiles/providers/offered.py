"""The providers that the settings set up."""

from django.conf import settings

from profiles.providers.github import GitHub
from profiles.providers.kinds import Provider
from profiles.providers.openid import Google, Microsoft, OpenID
from tenants.context import required

KINDS: dict[str, tuple[type[Provider], str]] = {
    "google": (Google, "Google"),
    "microsoft": (Microsoft, "Microsoft"),
    "github": (GitHub, "GitHub"),
    "oidc": (OpenID, "OpenID Connect"),
}


def configured() -> dict[str, Provider]:
    """By name, in the order of the buttons."""
    found = {}
    for name, (kind, label) in KINDS.items():
        values = settings.PROVIDERS.get(name, {})
        if values.get("client_id") and values.get("secret") and values.get("url"):
            found[name] = kind(
                name=name,
                label=values.get("label") or label,
                client_id=values["client_id"],
                secret=values["secret"],
                url=values["url"].rstrip("/") if kind is GitHub else values["url"],
            )
    return found


def offered() -> dict[str, Provider]:
    """Those with which members of the current organisation sign in. A sandbox has none: nothing in it is real."""
    return {} if required().is_sandbox else configured()


def label_of(name: str) -> str:
    """Also of a provider that is no longer set up."""
    return settings.PROVIDERS.get(name, {}).get("label") or KINDS[name][1] if name in KINDS else name
