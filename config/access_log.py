"""gunicorn's log: the access log names organisation and host, and no line contains a secret."""

from typing import Any
from urllib.parse import quote

from gunicorn.config import Config
from gunicorn.glogging import Logger

from shared.secret_paths import Formatter
from tenants.isolation.log import NO_HOST, TENANT

# The referrer comes last, since it is untrusted, and a secret in it is cut up to the end of the line.
FORMAT = '%(t)s %(tenant)s %(host)s %(h)s "%(r)s" %(s)s %(b)s %(M)sms "%(a)s" "%(f)s"'
# Characters that need no quoting in a path. https://www.rfc-editor.org/rfc/rfc3986#section-3.3
IN_PATHS = "/:@!$&'()*+,;=~"


class AccessLogger(Logger):
    """gunicorn's own (setting logger_class), with `tenant` and `host` for its access_log_format."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log, line in ((self.error_log, self.error_fmt), (self.access_log, self.access_fmt)):
            for handler in log.handlers:
                handler.setFormatter(Formatter(line, self.datefmt))

    def atoms(self, resp: Any, req: Any, meta: dict[str, Any], request_time: Any) -> dict[str, Any]:
        path = quote(meta.get("PATH_INFO", "").encode("latin-1"), safe=IN_PATHS)
        query = f"?{meta['QUERY_STRING']}" if meta.get("QUERY_STRING") else ""
        return {
            **super().atoms(resp, req, meta, request_time),
            # Rebuilt from the path as Django decodes it, so that a secret is found however the path is quoted.
            "r": f"{meta['REQUEST_METHOD']} {path}{query} {meta['SERVER_PROTOCOL']}",
            "tenant": meta.get(TENANT, NO_HOST),
            "host": quote(meta.get("HTTP_HOST") or NO_HOST, safe=":[]"),
        }
