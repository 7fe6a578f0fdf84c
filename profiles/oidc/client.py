"""Client: what this product is at a provider."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from profiles.oidc.calls import Caller


@dataclass(frozen=True)
class Client:
    """`metadata` is what discover() has found. `scopes` have spaces between."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: str
    metadata: dict[str, Any]
    caller: Caller
    # Reads the provider's keys again, for a token that names one that is not in `metadata`.
    new_keys: Callable[[], list[dict[str, Any]]]
    # The issuer that an ID token with these claims has to name, where one provider has several.
    issuer_for: Callable[[dict[str, Any]], str] | None = None

    def expected_issuer(self, claims: dict[str, Any]) -> str:
        return self.issuer_for(claims) if self.issuer_for else self.issuer
