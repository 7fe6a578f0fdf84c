"""Each ERROR of the log is an event at Sentry, with its organisation and request, and without personal data.

The SDK's own integration for Django is not used. It sends addresses with their tokens, headers and cookies, and it
replaces functions of Django's. Its breadcrumbs would be those of all organisations that the thread has served.
"""

import logging
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger

from shared.secret_paths import cleaned
from tenants.isolation.log import NO_USER, TenantFilter
from tenants.sentry.jobs import FACTS

Event = dict[str, Any]


def start(dsn: str, **options: Any) -> None:
    """Report from now on. Release, environment and sample rate are in the SDK's own environment variables:
    https://docs.sentry.io/platforms/python/configuration/options/
    """
    # Anyone can send a request with a wrong host.
    ignore_logger("django.security.DisallowedHost")
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None), DedupeIntegration(), AtexitIntegration(callback=quietly)],
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_default_pii=False,
        auto_session_tracking=False,
        before_send=without_people,  # type: ignore[arg-type]
        **options,
    )


def quietly(_pending: int, _timeout: float) -> None:
    """The SDK would write a line to stderr when a process ends."""


def without_people(event: Event, hint: dict[str, Any]) -> Event:
    """Add what is known of the record's origin, and remove secrets and addresses from its texts.

    A person is the primary key alone, with the schema's name before it, as each organisation counts its own.
    """
    tags = facts_of(hint)
    event["tags"] = {name: value for name, value in tags.items() if value != NO_USER and name != "user"}
    if tags.get("user", NO_USER) != NO_USER:
        event["user"] = {"id": f"{tags['tenant']}:{tags['user']}"}
    event.pop("extra", None)  # a record's own attributes, such as a job's arguments, or Django's request
    clean(event.get("logentry", {}), "message", "formatted")
    event.get("logentry", {}).pop("params", None)
    for error in event.get("exception", {}).get("values", []):
        clean(error, "value")
    return event


def facts_of(hint: dict[str, Any]) -> dict[str, str]:
    record: logging.LogRecord | None = hint.get("log_record")
    error = (hint.get("exc_info") or (None, None))[1]
    if facts := getattr(error, FACTS, None):
        return facts
    if record is None:
        record = logging.LogRecord("", logging.ERROR, "", 0, "", None, None)
    TenantFilter().filter(record)
    return {name: getattr(record, name) for name in ("tenant", "host", "request_id", "user")}


def clean(texts: Event, *names: str) -> None:
    for name in names:
        if isinstance(texts.get(name), str):
            texts[name] = cleaned(texts[name])
