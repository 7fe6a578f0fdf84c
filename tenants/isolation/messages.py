"""Storage of messages for the next page (MESSAGE_STORAGE): a cookie, since the public site has no sessions."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

from tenants.context import schema_name


class TenantMessages(CookieStorage):
    """Signed per organisation, so that no organisation shows another one's messages."""

    cookie_name = settings.MESSAGE_COOKIE_NAME

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"{schema_name()}:django.contrib.messages"
