"""What the addresses are about, and which pages are looked at."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from profiles.models import User
from profiles.passkeys.testing.keys import stored
from tenants.context import required

FORMS = {"mfa_edit_webauthn": {"name": "Phone"}}
BROWSED = {"owner": ["/account/passkeys/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    key = Authenticator.objects.create(user=people["gone"], type="webauthn", data=stored(required().domain))
    return dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), lambda _user: [key.pk])
