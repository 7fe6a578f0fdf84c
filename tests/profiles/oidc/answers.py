"""What the provider says: its adapter and addresses, in the process of provider.py."""

import time
from base64 import b64decode
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tests.profiles.oidc.provider import put, said


class Adapter(DefaultOIDCAdapter):
    def get_user_sub(self, client: Any, user: Any) -> str:
        return said.get("person", {}).get("sub", "1")

    def get_user_by_sub(self, client: Any, sub: str) -> Any:
        from django.contrib.auth.models import User

        return User.objects.get()

    def get_claims(self, purpose: str, user: Any, client: Any, scopes: Any, **_more: Any) -> dict[str, Any]:
        """As some providers do, the ID token alone says nothing but who it is."""
        person = {"sub": self.get_user_sub(client, user)} | said.get("person", {})
        return {"sub": person["sub"]} if purpose == "id_token" and said.get("is_thin") else person

    def populate_id_token(self, id_token: dict[str, Any], client: Any, scopes: Any, **_more: Any) -> None:
        id_token |= said.get("wrong", {})
        if age := said.get("age"):
            id_token |= {"iat": int(time.time()) - age, "exp": int(time.time()) - age + 60}


def picture(_request: Any) -> HttpResponse:
    return HttpResponse(b64decode(said["picture"]), content_type="image/png")


urlpatterns = [
    path("", include("allauth.idp.urls")),
    path("common/v2.0/", include("allauth.idp.urls")),
    path("said/", csrf_exempt(put)),
    path("picture/", picture),
]
