"""Log records: without the traceback of a refused request, and as JSON, one object in each line (LOG_FORMAT)."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from shared.secret_paths import Formatter

# What the filter `tenant` adds to a record.
WHERE_FROM = ("tenant", "host", "request_id", "user")


class RefusalFilter(logging.Filter):
    """Removes the traceback of a request that was refused (4xx): no code failed, and strangers could fill the log.

    With DEBUG it stays, since it shows the developer where the request was refused.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 500) < 500 and not settings.DEBUG:
            record.exc_info = None
        return True


class JsonFormatter(Formatter):
    """A line of JSON with the same content as a plain line. Each text in it is cleaned by itself: a secret is cut up to
    the end of its text, which would be the rest of the object.
    """

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({**self.always(record), **self.own(record)}, ensure_ascii=False, default=str)

    def always(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        found = {name: value for name in WHERE_FROM if (value := getattr(record, name, None)) not in (None, "-")}
        return {"time": at, "level": record.levelname, "logger": record.name, **found}

    def own(self, record: logging.LogRecord) -> dict[str, Any]:
        """The message, and the traceback if there is one."""
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return {"message": self.cleaned(record.getMessage())} | ({"traceback": self.cleaned(trace)} if trace else {})
