"""What the addresses and forms of this app are about."""

from collections.abc import Callable

from profiles.api.changes import Wishes, issue
from profiles.models import Invitation, User

# Statements on these tables are counted by the tests of this app.
COUNTED = ("api_token",)
NEW = {"name": "Script", "scopes": "read", "expires": "30"}
FORMS = {
    "new_api_token": NEW,
    "new_api_service": NEW | {"role": "reader"},
    "api_settings": {"members_make_tokens": "on"},
}
BODIES = {
    ("PATCH", "my_profile"): {"location": "Copenhagen"},
    ("PATCH", "member"): {"role": "editor"},
    ("POST", "invitations"): {"email": "another@acme.example"},
    ("PATCH", "organisation"): {"name": "Acme Rockets"},
}
SHOWING = ["/account/api/", "/settings/api/"]
BROWSED = {"owner": ["/account/api/", "/account/api/reference/", "/settings/api/new/", "/settings/api/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A token of the editor's: the reader sees nothing of it, and those who manage members may revoke it."""
    token, _text = issue(member=people["editor"], wishes=Wishes("Script", ["read"]))
    invitation = Invitation.objects.create(email="api@acme.example", invited_by=people["owner"])
    about_somebody = ("person", "photo", "member", "deactivate", "reactivate")
    return {
        "renew_api_token": lambda _user: [token.pk],
        "revoke_api_token": lambda _user: [token.pk],
        "api-v1:invitation": lambda _user: [invitation.pk],
        "api-v1:resend_invitation": lambda _user: [invitation.pk],
        **dict.fromkeys((f"api-v1:{name}" for name in about_somebody), lambda user: [user.username]),
    }
