"""Provider: where members sign in. Person: what a provider says of who signs in there."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from profiles.oidc.calls import Caller
from shared.emails import canonical_email
from shared.outgoing.addresses import Rules

ALL_NETWORKS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Person:
    subject: str
    email: str  # in its canonical form; "" if the provider has not verified it
    # Does the provider know that the address is the person's today? Or only that it was, when they entered it there?
    is_current: bool
    shown: str
    claims: dict[str, Any]  # with their name


@dataclass(frozen=True)
class Provider(ABC):
    name: str
    label: str
    client_id: str
    secret: str = field(repr=False)
    url: str
    icon: ClassVar[str]

    @abstractmethod
    def where(self, secrets: dict[str, str]) -> str:
        """The address at the provider to which the browser goes. Raises ValidationError."""

    @abstractmethod
    def person(self, *, code: str, verifier: str, nonce: str) -> Person:
        """Who has signed in there. Raises ValidationError, with a sentence."""

    @property
    def callback(self) -> str:
        """On the base domain: providers take no wildcards, and know the addresses that were entered there alone."""
        path = reverse("provider_callback", args=[self.name], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        return f"{settings.BASE_URL}{path}"

    @property
    def caller(self) -> Caller:
        """The operators have entered the address, so it may be in their own network."""
        is_plain = self.url.startswith("http://")
        return Caller(Rules(http=is_plain, ports=range(1, 65_536), networks=ALL_NETWORKS))


def email_in(value: Any) -> str:
    """A canonical address, or "" for what is none."""
    try:
        return canonical_email(value) if isinstance(value, str) else ""
    except ValidationError:
        return ""


def shown(*values: Any) -> str:
    """The first of these that can be shown."""
    return next((each[:150] for each in values if isinstance(each, str) and each.isprintable() and each), "")
