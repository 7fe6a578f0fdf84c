"""Sends one message: to exactly the address that was checked, within one time-out for everything."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from profiles.webhooks.addresses import Unreachable, rules, target
from shared.outgoing.connection import exchange

# At most this much of a response is read and stored.
KEPT_BYTES = 1000


@dataclass(frozen=True)
class Answer:
    """The outcome: a status and the beginning of the response, or a code for why there is none."""

    status: int | None = None
    text: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        return not self.error


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a message. Redirects are not followed: their target has not been checked."""
    began = time.monotonic()
    try:
        status, content = exchange(
            target(url),
            rules(),
            method="POST",
            body=body,
            headers=headers,
            deadline=began + settings.WEBHOOK_TIMEOUT,
            most=KEPT_BYTES,
        )
        text = content.decode(errors="replace").replace("\0", "\ufffd")
        error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    except ValidationError as refused:
        status, text, error = None, "", str(getattr(refused, "code", "") or "invalid")
    except Unreachable as unreachable:
        status, text, error = None, "", unreachable.error
    return Answer(status, text, error, round((time.monotonic() - began) * 1000))
