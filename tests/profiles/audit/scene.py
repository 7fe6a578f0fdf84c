"""acme as the stories of audit entries meet it, and what a story is: something that causes an entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from profiles.audit.models import Entry
from profiles.models import Invitation, User
from profiles.testing import PASSWORD, SiteClient, person
from tenants.context import within
from tenants.models import Tenant

LONGER = "a longer one 17"
TWICE = {"password1": LONGER, "password2": LONGER}


@dataclass
class Scene:
    """acme, with a way to the browser of each member, in which the password was confirmed a moment ago."""

    acme: Tenant

    def browser(self, name: str) -> SiteClient:
        client = SiteClient(self.acme).sign_in(self.person(name))
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    def person(self, name: str) -> User:
        return person(self.acme, name)

    def invitation(self, email: str = "new@acme.example") -> Invitation:
        with within(self.acme):
            return Invitation.objects.create(email=email, invited_by=self.person("admin"))


Story = Callable[[Scene], Any]
# How an entry is caused, and its actor, object and changes.
Told = tuple[Story, str, str, dict[str, Any]]


def post(who: str, path: str, **data: Any) -> Story:
    return lambda scene: scene.browser(who).post(path, data)


def newest(tenant: Tenant, kind: str) -> Entry:
    with within(tenant):
        return Entry.objects.filter(kind=kind)[0]
