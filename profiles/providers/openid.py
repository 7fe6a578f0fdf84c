"""Providers that speak OpenID Connect: Google, Microsoft, and any other."""

from threading import Lock
from typing import Any

from cachetools import TTLCache, cached

from profiles.oidc import way
from profiles.oidc.calls import Caller
from profiles.oidc.client import Client
from profiles.oidc.discovery import discover, keys_at
from profiles.oidc.tokens import claims_for
from profiles.providers.kinds import Person, Provider, email_in, shown

HOUR = 3600


@cached(TTLCache(maxsize=16, ttl=HOUR), key=lambda _caller, *urls: urls, lock=Lock())
def metadata_of(caller: Caller, url: str, issuer: str) -> dict[str, Any]:
    """Each process asks once an hour. Raises ValidationError."""
    return discover(caller, url, called=issuer)


class OpenID(Provider):
    icon = "key"

    def where(self, secrets: dict[str, str]) -> str:
        client = self.client
        return way.address(
            client.metadata["authorization_endpoint"],
            client_id=client.client_id,
            callback=self.callback,
            scopes=client.scopes,
            secrets=secrets,
        )

    def person(self, *, code: str, verifier: str, nonce: str) -> Person:
        claims = claims_for(self.client, code=code, verifier=verifier, nonce=nonce, callback=self.callback)
        email = email_in(claims.get("email"))
        return Person(
            subject=self.subject(claims),
            email=email if self.is_verified(claims) else "",
            is_current=self.is_current(claims, email),
            shown=shown(claims.get("email"), claims.get("name"), claims["sub"]),
            claims=claims,
        )

    @property
    def client(self) -> Client:
        return Client(
            issuer=self.issuer,
            client_id=self.client_id,
            secret=self.secret,
            scopes="openid email profile",
            metadata=metadata_of(self.caller, self.url, self.issuer),
            caller=self.caller,
            issuer_for=self.issuer_for,
            new_keys=self.new_keys,
        )

    def new_keys(self) -> list[dict[str, Any]]:
        """Kept with the rest of what this process has read."""
        metadata = metadata_of(self.caller, self.url, self.issuer)
        metadata["keys"] = keys_at(self.caller, metadata["jwks_uri"])
        return metadata["keys"]

    @property
    def issuer(self) -> str:
        """What the discovery document calls the provider."""
        return self.url

    def issuer_for(self, claims: dict[str, Any]) -> str:
        return self.issuer

    def subject(self, claims: dict[str, Any]) -> str:
        return str(claims["sub"])

    def is_verified(self, claims: dict[str, Any]) -> bool:
        return claims.get("email_verified") in (True, "true")

    def is_current(self, claims: dict[str, Any], email: str) -> bool:
        """The operators have chosen this provider, and it says that it has verified the address."""
        return True


class Google(OpenID):
    icon = "google"

    def is_current(self, claims: dict[str, Any], email: str) -> bool:
        """Google is the mail server of its own addresses, and manages those of a Workspace ("hd"). Of all others it
        knows that they were the person's once.

        https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
        """
        return bool(claims.get("hd")) or email.endswith(("@gmail.com", "@googlemail.com"))


class Microsoft(OpenID):
    icon = "microsoft"

    @property
    def issuer(self) -> str:
        """Accounts of several directories have an issuer each, for which the document has a placeholder.

        https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer
        """
        consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
        url = self.url.replace("/consumers/", f"/{consumers}/")
        return url.replace("/common/", "/{tenantid}/").replace("/organizations/", "/{tenantid}/")

    def issuer_for(self, claims: dict[str, Any]) -> str:
        return self.issuer.replace("{tenantid}", str(claims.get("tid", "")))

    def subject(self, claims: dict[str, Any]) -> str:
        """The subject is one only together with the issuer."""
        return f"{claims.get('tid', '')}.{claims['sub']}"[:255]

    def is_verified(self, claims: dict[str, Any]) -> bool:
        """Administrators of any directory can enter any address. This claim says that the domain is the directory's.

        https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
        """
        return claims.get("xms_edov") in (True, "1", "true")
