"""A member's open sessions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from profiles.models import Session, User
from profiles.requests import MemberRequest
from profiles.sign_in.session_store import SEEN, is_over, moment, name_of
from profiles.sign_in.user_agents import in_words
from tenants.events import emit


@dataclass(frozen=True)
class Signed:
    """A session, as its member sees it."""

    row: Session
    seen: datetime  # Accurate to ten minutes (profiles/sign_in/session_store.py).
    is_current: bool

    @property
    def browser(self) -> str:
        return in_words(self.row.user_agent)

    @property
    def name(self) -> str:
        return name_of(self.row.session_key)


def open_sessions(request: MemberRequest) -> list[Signed]:
    """Those of the member whose request it is, the newest first. One statement for any number."""
    rows = Session.objects.filter(user=request.user, expire_date__gt=timezone.now()).order_by("-created_at")
    found = [(row, row.get_decoded()) for row in rows]
    return [
        Signed(row, datetime.fromtimestamp(moment(data, SEEN), UTC), row.session_key == request.session.session_key)
        for row, data in found
        if is_of(request.user, data)
    ]


def is_of(member: User, data: dict[str, Any]) -> bool:
    """Whether this session is still valid: it has not expired, and the password has not changed."""
    is_his = constant_time_compare(data.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash())
    return is_his and not is_over(data, timezone.now().timestamp())


def end_others(request: MemberRequest) -> None:
    """Sign the member out everywhere but in this browser."""
    end(request.user, Session.objects.filter(user=request.user).exclude(session_key=request.session.session_key))


@transaction.atomic
def end(member: User, sessions: QuerySet[Session]) -> None:
    """Sign the member out in the browsers of these sessions, and tell the activity log."""
    if sessions.delete()[0]:
        emit("session.others_ended", member, by=member)
