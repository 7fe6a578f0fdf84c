"""A member's open sessions."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from profiles.models import User
from profiles.sign_in.session_store import SEEN, SessionStore, is_over
from profiles.sign_in.user_agents import in_words


@dataclass(frozen=True)
class Signed:
    """A session, as its member sees it."""

    row: UserSession
    seen: datetime  # Accurate to ten minutes (profiles/sign_in/session_store.py).

    @property
    def browser(self) -> str:
        return in_words(self.row.user_agent)


def open_sessions(member: User) -> list[Signed]:
    """The newest first. Two statements for any number."""
    rows = list(UserSession.objects.filter(user=member).order_by("-created_at", "-pk"))
    stored = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now())
    data = {session.session_key: SessionStore().decode(session.session_data) for session in stored}
    return [
        Signed(row, datetime.fromtimestamp(data[row.session_key][SEEN], UTC))
        for row in rows
        if row.session_key in data and is_of(member, data[row.session_key])
    ]


def is_of(member: User, data: dict) -> bool:
    """Whether this session is still valid: it has not expired, and the password has not changed."""
    is_his = constant_time_compare(data.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash())
    return is_his and not is_over(data, timezone.now().timestamp())
