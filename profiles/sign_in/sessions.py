"""Sessions of members: begun where a link has proved who somebody is, and ended at once."""

from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from profiles.models import User

BACKEND = "profiles.sign_in.backend.MemberBackend"


def begin(request: HttpRequest, member: User) -> None:
    """Sign a member in without asking for the password, and list the session among theirs.

    allauth lists those alone that its own sign-in page began, and `end_all` ends those that are listed.
    """
    login(request, member, backend=BACKEND)
    UserSession.objects.create_from_request(request)


def ask_for_password(request: HttpRequest, words: str) -> None:
    """Have a member confirm the password before an action that would do most harm in the hands of a session thief.

    Returns if they confirmed it, or signed in with it, a moment ago (ACCOUNT_REAUTHENTICATION_TIMEOUT). Otherwise
    raises what allauth answers with the page that asks. That page shows `words`, an imperative such as
    "Remove Mal (mal)"; what was posted is done afterwards, without files (profiles/sign_in/pending.py).
    """
    if not reauthentication.did_recently_reauthenticate(request):
        request.pending_words = words  # type: ignore[attr-defined]  # suspend() reads it
        raise ReauthenticationRequired


def end_all(*members: User) -> None:
    """Sign members out everywhere."""
    for session in UserSession.objects.filter(user__in=members):
        session.end()
