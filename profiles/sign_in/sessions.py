"""Members' sessions: started after a link from a mail, and ended at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from profiles.models import Session, User
from profiles.sign_in.session_store import OPERATOR, SEEN, SessionStore, moment
from tenants.limits.addresses import client_address

BACKEND = "profiles.sign_in.backend.MemberBackend"
LONGEST = Session._meta.get_field("user_agent").max_length


def begin(request: HttpRequest, member: User) -> None:
    """Sign a member in without the password."""
    login(request, member, backend=BACKEND)


def note_browser(request: HttpRequest) -> None:
    """Store the session of a member who has just signed in, and with it from where.

    At once, and not with the response: `end_all` ends what is stored.
    """
    request.session.save()
    Session.objects.filter(session_key=request.session.session_key).update(
        ip=client_address(request) or None,
        user_agent=request.headers.get("user-agent", "")[:LONGEST],
        created_at=timezone.now(),
    )


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
    """When each of these members last used a session that is still stored, or else signed in."""
    seen = {member.pk: member.last_login for member in members if member.last_login}
    for user, stored in Session.objects.filter(user__in=members).values_list("user", "session_data"):
        data = SessionStore().decode(stored)
        if (stamp := moment(data, SEEN)) and OPERATOR not in data:
            at = datetime.fromtimestamp(stamp, UTC)
            seen[user] = max(at, seen.get(user, at))
    return seen


def end_all(*members: User) -> None:
    """Sign members out everywhere."""
    Session.objects.filter(user__in=members).delete()
