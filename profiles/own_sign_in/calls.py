"""Calls to a provider: to public addresses, without redirects, within seconds, and with a small answer."""

import json
import time
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


def rules() -> Rules:
    return Rules(
        http=settings.OWN_SIGN_IN_HTTP,
        ports=settings.OWN_SIGN_IN_PORTS,
        networks=settings.OWN_SIGN_IN_NETWORKS,
    )


def checked(url: str) -> Target:
    """Raises ValidationError for an address that no one is sent to."""
    return target(url, rules())


def get(url: str, **headers: str) -> dict[str, Any]:
    return call(url, method="GET", body=None, headers=headers)


def post(url: str, values: dict[str, str], **headers: str) -> dict[str, Any]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return call(url, method="POST", body=urlencode(values).encode(), headers=headers | form)


def call(url: str, *, method: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
    """The object that the provider answers with. The request gives up its place meanwhile. Raises ValidationError."""
    deadline = time.monotonic() + settings.OWN_SIGN_IN_TIMEOUT
    headers = {"Accept": "application/json"} | headers
    try:
        with waiting():
            status, content = exchange(
                checked(url), rules(), method=method, body=body, headers=headers, deadline=deadline, most=MOST_BYTES + 1
            )
    except Unreachable as error:
        words = _("The provider does not answer at a public address, or not in time.")
        raise ValidationError(words, code=error.error) from error
    found = parsed(content) if status == OK and len(content) <= MOST_BYTES else None
    if found is None:
        raise ValidationError(_("The provider answered with an error (%(status)s)."), "status", {"status": status})
    return found


def parsed(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
