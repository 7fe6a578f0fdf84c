"""One message over the wire: to the very address that was checked, within a time-out for all of it."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from profiles.webhooks.addresses import Unreachable, rules, target
from shared.outgoing.connection import exchange

# So much of an answer is kept, and no more of it is read.
KEPT_BYTES = 1000


@dataclass(frozen=True)
class Answer:
    """What came of it: a status and the beginning of the answer, or a word for why there is none."""

    status: int | None = None
    text: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        return not self.error


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a message. Redirects are not followed: they would lead to an address that no one has checked."""
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
