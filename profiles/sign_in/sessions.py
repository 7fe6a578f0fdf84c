"""Members' sessions: started after a link from a mail, and ended at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from profiles.models import User
from profiles.sign_in.session_store import SEEN, SessionStore

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


def last_seen(members: Sequence[User]) -> dict[int, datetime]:
    """When each of these members last used a session that is still stored, or else signed in. Two statements."""
    seen = {member.pk: member.last_login for member in members if member.last_login}
    users = dict(UserSession.objects.filter(user__in=members).values_list("session_key", "user_id"))
    for session in Session.objects.filter(session_key__in=users):
        if stamp := SessionStore().decode(session.session_data).get(SEEN):
            at, user = datetime.fromtimestamp(stamp, UTC), users[session.session_key]
            seen[user] = max(at, seen.get(user, at))
    return seen


def end_all(*members: User) -> None:
    """Sign members out everywhere."""
    for session in UserSession.objects.filter(user__in=members):
        session.end()
