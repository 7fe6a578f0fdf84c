"""The organisations of the tests, with the same named people under the same primary keys."""

import time
from typing import Any

from allauth.account.internal.flows import login
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from profiles.models import User
from profiles.roles import Role
from profiles.sign_in.session_store import SessionStore
from profiles.testing.facts import modules
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare

PASSWORD = "correct horse battery"  # of all people in the tests


class SiteClient(Client):
    """A browser on one organisation's host."""

    def __init__(self, tenant: Tenant, **defaults: Any) -> None:
        super().__init__(SERVER_NAME=tenant.domain, **defaults)
        self.tenant = tenant

    def sign_in(self, user: User) -> "SiteClient":
        """Give it a session of this member. What signing in notes elsewhere is not there: for that, `force_login`."""
        with within(self.tenant):
            session = SessionStore()
            session.update(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: "profiles.sign_in.backend.MemberBackend",
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            )
            session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        return self

    def give_password(self) -> "SiteClient":
        """Its session, as if the password had just been confirmed: some pages require that, for some minutes."""
        with within(self.tenant):
            session = self.session
            confirmed = {"method": "password", "at": time.time(), "reauthenticated": True}
            session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [confirmed]
            session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
            session.save()
        return self


def make_people(organisation: str) -> None:
    """One person in each role, and Gone, who is deactivated; the owner exists already."""
    names = {"admin": "Adam Admin", "editor": "Edda Editor", "reader": "Rita Reader", "gone": "Gregor Gone"}
    for username, name in names.items():
        first, last = name.split()
        User.objects.create_user(
            username,
            f"{username}@{organisation}.example",
            PASSWORD,
            first_name=first,
            last_name=last,
            role=Role.READER if username == "gone" else username,
            is_active=username != "gone",
        )


def new_organisation(slug: str) -> Tenant:
    """An organisation whose owner is Olga."""
    email = f"owner@{slug}.example"
    make_spare()
    return sign_up(organisation=slug.title(), slug=slug, name="Olga Owner", email=email, password=PASSWORD).tenant


def make_rows(tenant: Tenant) -> None:
    """Create a row of every model, by each app's testing/rows.py; `tenant` has the people of make_people()."""
    with within(tenant):
        people = {user.username: user for user in User.objects.all()}
        for rows in modules("rows"):
            rows.make(people)


def person(tenant: Tenant, username: str) -> User:
    with within(tenant):
        return User.objects.select_related("profile").get(username=username)
