"""Members' sessions: started after a link from a mail, and ended at once."""

from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from profiles.models import Session, User
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


def end_all(*members: User) -> None:
    """Sign members out everywhere."""
    Session.objects.filter(user__in=members).delete()
