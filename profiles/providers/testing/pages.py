"""What the addresses of this app are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.providers.models import Identity

COUNTED = ("providers_identity",)
# Read at `provider_callback` from `state`, not from a part of the address.
SIGNED = {"provider_callback": "profiles/providers/flow.py"}
IN_SESSION = {
    "profiles/providers/flow.py": {"provider": "/account/providers/github/return/"},
    "profiles/providers/pages.py": {"links_provider": "/account/providers/confirm/"},
    "profiles/providers/signing_in.py": {"confirms_provider": "/account/login/"},
}
BROWSED = {"owner": ["/account/providers/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """Each member has an account at GitHub, as if it had been set up once."""
    for member in people.values():
        Identity.objects.create(member=member, provider="github", subject=str(member.pk), shown="rita-codes")
    names = ("begin_provider", "provider_return", "link_provider", "unlink_provider", "provider_callback")
    return dict.fromkeys(names, lambda _user: ["github"])
