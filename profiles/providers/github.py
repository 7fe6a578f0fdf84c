"""GitHub: plain OAuth 2, without ID tokens. Its API says who the person is.

https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.oidc import way
from profiles.providers.kinds import Person, Provider, email_in, shown

PUBLIC, PUBLIC_API = "https://github.com", "https://api.github.com"


class GitHub(Provider):
    icon = "github"

    def where(self, secrets: dict[str, str]) -> str:
        url = f"{self.url}/login/oauth/authorize"
        return way.address(url, client_id=self.client_id, callback=self.callback, scopes="user:email", secrets=secrets)

    def person(self, *, code: str, verifier: str, nonce: str) -> Person:
        token = self.token(code, verifier)
        user = self.caller.get(f"{self.api}/user", Authorization=f"Bearer {token}")
        number = user.get("id")
        if type(number) is not int:
            raise ValidationError(_("The provider's answer cannot be read."), code="subject")
        listed = self.caller.get_list(f"{self.api}/user/emails?per_page=100", Authorization=f"Bearer {token}")
        return Person(
            subject=str(number),
            email=primary(listed),
            is_current=False,  # GitHub verifies an address once, and never again.
            shown=shown(user.get("login"), str(number)),
            claims={"name": user.get("name")},
        )

    @property
    def api(self) -> str:
        return PUBLIC_API if self.url == PUBLIC else f"{self.url}/api/v3"

    def token(self, code: str, verifier: str) -> str:
        """GitHub sends errors with the status 200 too."""
        values = {
            "client_id": self.client_id,
            "client_secret": self.secret,
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": verifier,
        }
        token = self.caller.post(f"{self.url}/login/oauth/access_token", values).get("access_token")
        if not isinstance(token, str) or not (token.isascii() and token.isprintable()):
            raise ValidationError(_("The provider did not sign you in."), code="refused")
        return token


def primary(listed: list[Any]) -> str:
    """The person's main address there, if it is verified."""
    mine = (each for each in listed if isinstance(each, dict) and each.get("primary") is True)
    return next((email_in(each.get("email")) for each in mine if each.get("verified") is True), "")
