"""What the addresses and forms of this app are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.api.changes import Wishes
from profiles.models import User
from profiles.scim.changes import issue, switch_on
from profiles.scim.models import Directory

COUNTED = ("scim_directory", "scim_account")
RULES = {"role": "editor", "roles": "Engineers = admin", "sends_mail": "on"}
FORMS = {
    "switch_on_scim": RULES,
    "edit_scim": RULES,
    "new_scim_token": {"name": "Okta", "expires": "365"},
}
BROWSED = {"owner": ["/settings/provisioning/", "/settings/provisioning/on/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A directory with a token. What is below /scim/v2/ answers to its tokens alone."""
    owner = people["owner"]
    switch_on(actor=owner, directory=Directory())
    token, _text = issue(actor=owner, wishes=Wishes("Entra ID", []))
    return {
        "scim_type": lambda _user: ["User"],
        "scim_schema": lambda _user: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "scim_resources": lambda _user: ["Users"],
        "scim_resource": lambda user: ["Users", user.pk],
        "revoke_scim_token": lambda _user: [token.pk],
    }
