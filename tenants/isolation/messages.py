"""Storage of messages for the next page (MESSAGE_STORAGE): a cookie, since the public site has no sessions."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage

from tenants.context import schema_name


class TenantMessages(CookieStorage):
    """Signed per organisation, so that no organisation shows another one's messages."""

    cookie_name = settings.MESSAGE_COOKIE_NAME

    def _decode(self, data: Any) -> Any:
        """None also for what another release has signed in another shape."""
        try:
            found = super()._decode(data)  # type: ignore[misc]  # the stubs leave it out
        except (TypeError, ValueError, LookupError):
            return None
        is_list = isinstance(found, list) and all(isinstance(each, Message | str) for each in found)
        return found if is_list else None

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"{schema_name()}:django.contrib.messages"
