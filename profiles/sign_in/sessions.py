"""Members' sessions: started after a link from a mail, and ended at once."""

from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from profiles.models import User

BACKEND = "profiles.sign_in.backend.MemberBackend"


def begin(request: HttpRequest, member: User) -> None:
    """Sign a member in without the password, and list the session among theirs.

    allauth lists only sessions that its own sign-in page started, and `end_all` ends those that are listed.
    """
    login(request, member, backend=BACKEND)
    UserSession.objects.create_from_request(request)


def ask_for_password(request: HttpRequest, words: str) -> None:
    """Require the password before an action that a session thief could do harm with.

    Returns if the member confirmed it, or signed in with it, a short time ago (ACCOUNT_REAUTHENTICATION_TIMEOUT).
    Otherwise raises an exception that allauth answers with the password page. That page shows `words`, an imperative
    such as "Remove Mal (mal)"; afterwards the POST is done, without files (profiles/sign_in/pending.py).
    """
    if not reauthentication.did_recently_reauthenticate(request):
        request.pending_words = words  # type: ignore[attr-defined]  # suspend() reads it
        raise ReauthenticationRequired


def end_all(member: User) -> None:
    """Sign a member out everywhere."""
    for session in UserSession.objects.filter(user=member):
        session.end()
