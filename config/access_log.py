"""gunicorn's log: the access log names organisation, host, request and member, and no line contains a secret."""

import logging
import os
from typing import Any
from urllib.parse import quote

from gunicorn.config import Config
from gunicorn.glogging import Logger

from shared.log_lines import JsonFormatter
from shared.request_ids import NO_ID, REQUEST_ID
from shared.secret_paths import Formatter
from tenants.isolation.log import NO_HOST, NO_USER, TENANT, USER

# The referrer comes last, since it is untrusted, and a secret in it is cut up to the end of the line.
FORMAT = '%(t)s %(tenant)s %(host)s %(request_id)s %(user)s %(h)s "%(r)s" %(s)s %(b)s %(M)sms "%(a)s" "%(f)s"'
# Characters that need no quoting in a path. https://www.rfc-editor.org/rfc/rfc3986#section-3.3
IN_PATHS = "/:@!$&'()*+,;=~"


# The names of gunicorn's figures in a line of JSON.
FIGURES = {"h": "client", "r": "message", "s": "status", "B": "bytes", "M": "ms", "a": "user_agent", "f": "referrer"}
NUMBERS = ("s", "B", "M")


class JsonAccess(JsonFormatter):
    """A line of the access log as JSON. gunicorn passes its figures as the record's arguments."""

    def own(self, record: logging.LogRecord) -> dict[str, Any]:
        atoms: Any = record.args
        if not isinstance(atoms, dict):
            return super().own(record)
        where_from = {name: atoms[name] for name in ("tenant", "host", "request_id", "user") if atoms[name] != "-"}
        numbers = {FIGURES[key]: int(atoms[key] or 0) for key in NUMBERS}
        texts = {name: self.cleaned(str(atoms[key] or "")) for key, name in FIGURES.items() if key not in NUMBERS}
        return where_from | numbers | texts


class AccessLogger(Logger):
    """gunicorn's own (setting logger_class), with more names for its access_log_format, or JSON."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        is_json = os.environ.get("LOG_FORMAT") == "json"
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter() if is_json else Formatter(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(JsonAccess() if is_json else Formatter(self.access_fmt, self.datefmt))

    def atoms(self, resp: Any, req: Any, meta: dict[str, Any], request_time: Any) -> dict[str, Any]:
        path = quote(meta.get("PATH_INFO", ""), safe=IN_PATHS)
        query = f"?{meta['QUERY_STRING']}" if meta.get("QUERY_STRING") else ""
        return {
            **super().atoms(resp, req, meta, request_time),
            # Rebuilt from the path as Django decodes it, so that a secret is found however the path is quoted.
            "r": f"{meta['REQUEST_METHOD']} {path}{query} {meta['SERVER_PROTOCOL']}",
            "tenant": meta.get(TENANT, NO_HOST),
            "host": quote(meta.get("HTTP_HOST") or NO_HOST, safe=":[]"),
            "request_id": meta.get(REQUEST_ID, NO_ID),
            "user": meta.get(USER, NO_USER),
        }
