"""Sessions of members: begun where a link has proved who somebody is, and ended at once."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from profiles.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def begin(request: HttpRequest, member: User) -> None:
    """Sign a member in without asking for the password, and list the session among theirs.

    allauth lists those alone that its own sign-in page began, and `end_all` ends those that are listed.
    """
    login(request, member, backend=BACKEND)
    UserSession.objects.create_from_request(request)


def end_all(member: User) -> None:
    """Sign a member out everywhere."""
    for session in UserSession.objects.filter(user=member):
        session.end()
