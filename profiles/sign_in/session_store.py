"""The session store (SESSION_ENGINE): Django's, with a maximum age and a maximum idle time, and with the member."""

import time
from hashlib import sha256
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from shared.session_values import NUMBER

# When it was started and last used, in seconds since 1970.
BEGUN, SEEN = "begun", "seen"
# In the session of an operator who is signed in as the member, who was not there then.
OPERATOR = "operator"
# In a session that has a new key: the name of the former one.
FORMER = "former"
# Every number of so many fits into a primary key.
DIGITS = 18
LATEST = 1e11  # in seconds since 1970: what a date can hold
# The row is not written for each click. Its last use may be so many seconds too early.
EXACT = 10 * 60
FIND = "SELECT session_data, user_id FROM profiles_session WHERE session_key = %s AND expire_date > %s"


class Ended(UpdateError, SessionInterrupted):
    """The session was ended while a request used it. Also where a view meets it, Django answers it with 400."""

    def __init__(self) -> None:
        super().__init__("The session was ended before the request was done.")


class SessionStore(db.SessionStore):
    """A session ends SESSION_COOKIE_AGE after signing in, and SESSION_IDLE_SECONDS after it was last used."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from profiles.models import Session  # Django imports this module before it has models.

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.user_id = member_of(data)  # type: ignore[attr-defined]  # of our model
        return row

    def _validate_session_key(self, key: str | None) -> bool:
        """Whether a cookie can be a key. PostgreSQL refuses to look for a NUL."""
        return bool(key) and key.isascii() and key.isalnum() and super()._validate_session_key(key)  # type: ignore[misc,union-attr]

    def _get_new_session_key(self) -> str:
        """A random key. Django looks first whether another session has it; the primary key refuses that anyway."""
        return get_random_string(32, VALID_KEY_CHARS)

    def load(self) -> dict[str, Any]:
        data = self.read()
        now = time.time()
        if data and is_over(data, now):
            self.delete()
            self._session_key = None
            return {}
        if data and now - moment(data, SEEN) > min(EXACT, settings.SESSION_IDLE_SECONDS / 2):
            data[SEEN] = now
            self.modified = True
            note_visit(data)
        return data

    def read(self) -> dict[str, Any]:
        """As in Django, with a statement that is not built anew for each request."""
        with connection.cursor() as cursor:
            cursor.execute(FIND, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data = self.decode(row[0])
        if member_of(data) != row[1]:  # Of an earlier release, in which it was in no list.
            self.modified = True
        return data

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    def save(self, must_create: bool = False) -> None:
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        data.setdefault(BEGUN, time.time())
        data.setdefault(SEEN, time.time())
        try:
            super().save(must_create)
        except UpdateError:
            raise Ended from None

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    def cycle_key(self) -> None:
        """As in Django, which calls it after authentication: the session's age starts anew.

        The row stays, and with it where the member signed in; Django's would be a new one. Raises Ended for a member's
        that was ended meanwhile: otherwise it would go on under the new key.
        """
        data, old = self._session, self.session_key  # type: ignore[attr-defined]  # of SessionBase
        if old and (key := self.renamed(old, data)):
            self._session_key, self._session_cache = key, data
        elif old and member_of(data):
            raise Ended
        else:  # It was never stored, or it was a visitor's.
            super().cycle_key()
        self[BEGUN] = self[SEEN] = time.time()

    def renamed(self, old: str, data: dict[str, Any]) -> str | None:
        """The new key of the row; or that which a faster request has given it, such as the first of two clicks."""
        member, data[FORMER] = member_of(data), name_of(old)
        new = self._get_new_session_key()
        values = {"session_key": new, "session_data": self.encode(data), "user": member}
        if self.model.objects.filter(session_key=old).update(**values):
            return new
        rows = self.model.objects.filter(user=member) if member else ()  # type: ignore[misc]  # of our model
        return next((row.session_key for row in rows if row.get_decoded().get(FORMER) == data[FORMER]), None)

    async def acycle_key(self) -> None:
        await sync_to_async(self.cycle_key)()


def name_of(key: str) -> str:
    """The name of a session in URLs and exports. Its key is never shown: whoever has the key is signed in."""
    return sha256(key.encode()).hexdigest()[:32]


def member_of(data: dict[str, Any]) -> int | None:
    """The primary key of the member who is signed in."""
    key = data.get(SESSION_KEY)
    return int(key) if isinstance(key, str) and key.isdecimal() and len(key) <= DIGITS else None


def note_visit(data: dict[str, Any]) -> None:
    """Write into the member's row that they are here."""
    if (key := data.get(SESSION_KEY)) and OPERATOR not in data:
        get_user_model()._default_manager.filter(pk=key).update(last_seen=timezone.now())


def is_over(data: dict[str, Any], now: float) -> bool:
    """Has its time passed, or can it be no session of this release?"""
    too_old = now - moment(data, BEGUN) > settings.SESSION_COOKIE_AGE
    is_odd = SESSION_KEY in data and member_of(data) is None
    return is_odd or too_old or now - moment(data, SEEN) > settings.SESSION_IDLE_SECONDS


def moment(data: dict[str, Any], key: str) -> float:
    """BEGUN or SEEN of a session; long ago if it is no such number."""
    value = data.get(key)
    return value if isinstance(value, NUMBER) and 0 < value < LATEST else 0
