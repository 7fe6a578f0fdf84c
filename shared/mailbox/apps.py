"""A mailbox for development: mail is kept and shown at /dev/mail/ instead of being sent."""

import os
from pathlib import Path
from typing import Any

from shared.capabilities.base import Capability


class MailboxConfig(Capability):
    name = "shared.mailbox"
    lives_in = "public"
    development_urls = "shared.mailbox.urls"
    announce = "shared.mailbox.backend.announce"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """In development, mail goes to this mailbox unless EMAIL_URL is set."""
        own = {"MAILBOX_DIR": env.path("MAILBOX_DIR", Path(__file__).parents[2] / "var" / "mail")}
        if env.str("ENVIRONMENT", "development") == "development" and "EMAIL_URL" not in os.environ:
            own["EMAIL_BACKEND"] = "shared.mailbox.backend.EmailBackend"
        return own
