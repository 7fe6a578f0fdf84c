"""The session store (SESSION_ENGINE): Django's table, with a maximum age and a maximum idle time."""

import time
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

# When it was started and last used, in seconds since 1970.
BEGUN, SEEN = "begun", "seen"
# In the session of an operator who is signed in as the member, who was not there then.
OPERATOR = "operator"
# The row is not written for each click. Its last use may be so many seconds too early.
EXACT = 10 * 60
FIND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """A session ends SESSION_COOKIE_AGE after signing in, and SESSION_IDLE_SECONDS after it was last used."""

    def load(self) -> dict[str, Any]:
        data = self.read()
        now = time.time()
        if data and is_over(data, now):
            self.delete()
            self._session_key = None
            return {}
        if data and now - data[SEEN] > min(EXACT, settings.SESSION_IDLE_SECONDS / 2):
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
        return self.decode(row[0])

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    def save(self, must_create: bool = False) -> None:
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        data.setdefault(BEGUN, time.time())
        data.setdefault(SEEN, time.time())
        super().save(must_create)

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    def cycle_key(self) -> None:
        """As in Django, which calls it after authentication: the session's age starts anew."""
        super().cycle_key()
        self[BEGUN] = self[SEEN] = time.time()


def note_visit(data: dict[str, Any]) -> None:
    """Write into the member's row that they are here."""
    if (key := data.get(SESSION_KEY)) and OPERATOR not in data:
        get_user_model()._default_manager.filter(pk=key).update(last_seen=timezone.now())


def is_over(data: dict[str, Any], now: float) -> bool:
    too_old = now - data.get(BEGUN, 0) > settings.SESSION_COOKIE_AGE
    return too_old or now - data.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS
