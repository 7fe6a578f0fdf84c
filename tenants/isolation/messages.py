"""Where messages wait for the next page (MESSAGE_STORAGE): in a cookie, as the public site has no sessions."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

from tenants.context import schema_name


class TenantMessages(CookieStorage):
    """Signed by the organisation that says them: nobody has them said by another one."""

    cookie_name = settings.MESSAGE_COOKIE_NAME

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"{schema_name()}:django.contrib.messages"
