"""Calls to a provider: to addresses that its rules allow, without redirects, within seconds, for a small answer."""

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shared.outgoing.addresses import Rules, Target, Unreachable, target
from shared.outgoing.connection import exchange
from tenants.serving.working import waiting

MOST_BYTES = 100_000
OK = 200


@dataclass(frozen=True)
class Caller:
    """Each call has `seconds` in all."""

    rules: Rules
    seconds: float = 5

    def checked(self, url: str) -> Target:
        """Raises ValidationError for an address that no one is sent to."""
        return target(url, self.rules)

    def get(self, url: str, **headers: str) -> dict[str, Any]:
        return object_in(self.call(url, method="GET", body=None, headers=headers))

    def get_list(self, url: str, **headers: str) -> list[Any]:
        found = self.call(url, method="GET", body=None, headers=headers)
        return found if isinstance(found, list) else []

    def post(self, url: str, values: dict[str, str], **headers: str) -> dict[str, Any]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return object_in(self.call(url, method="POST", body=urlencode(values).encode(), headers=headers | form))

    def call(self, url: str, *, method: str, body: bytes | None, headers: dict[str, str]) -> Any:
        """What the provider answers, as JSON. Raises ValidationError."""
        headers = {"Accept": "application/json"} | headers
        content = self.exchanged(url, method=method, body=body, headers=headers, most=MOST_BYTES)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise answered_with(OK) from error

    def fetch(self, url: str, *, most: int, **headers: str) -> bytes:
        """A file of `most` bytes at most. Raises ValidationError."""
        return self.exchanged(url, method="GET", body=None, headers=headers, most=most)

    def exchanged(self, url: str, *, method: str, body: bytes | None, headers: dict[str, str], most: int) -> bytes:
        """The request gives up its place meanwhile."""
        deadline = time.monotonic() + self.seconds
        headers = {"User-Agent": settings.BRAND["SLUG"]} | headers
        to = self.checked(url)
        try:
            with waiting():
                status, content = exchange(
                    to, self.rules, method=method, body=body, headers=headers, deadline=deadline, most=most + 1
                )
        except Unreachable as error:
            words = _("The provider does not answer at a public address, or not in time.")
            raise ValidationError(words, code=error.error) from error
        if status != OK or len(content) > most:
            raise answered_with(status)
        return content


def object_in(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise answered_with(OK)
    return found


def answered_with(status: int) -> ValidationError:
    return ValidationError(_("The provider answered with an error (%(status)s)."), "status", {"status": status})
