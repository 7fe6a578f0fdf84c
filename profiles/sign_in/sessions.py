"""Sessions of members: begun where a link has proved who somebody is, and ended at once."""

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
