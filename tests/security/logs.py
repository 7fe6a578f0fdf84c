"""gunicorn's log of requests that the tests have sent through Django."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from gunicorn.config import Config

from config.access_log import FORMAT, AccessLogger


class AccessLog:
    """gunicorn's access log and its log of errors, of requests that Django has answered."""

    def __init__(self) -> None:
        config = Config()
        config.set("accesslog", "-")
        config.set("access_log_format", FORMAT)
        self.logger, self.text = AccessLogger(config), io.StringIO()
        for handler in [*self.logger.access_log.handlers, *self.logger.error_log.handlers]:
            if hasattr(
                handler, "_gunicorn"
            ):  # pytest's capturing ones are here too, if an earlier test made the loggers
                handler.setStream(self.text)

    def note(self, response: Any) -> None:
        environ = {**response.wsgi_request.META, "RAW_URI": "/", "SERVER_PROTOCOL": "HTTP/1.1"}
        answer = SimpleNamespace(status=f"{response.status_code} x", sent=len(response.content), headers=[])
        request = SimpleNamespace(headers=[])
        self.logger.access(answer, request, environ, timedelta(milliseconds=7))
        try:
            raise ValueError(environ["PATH_INFO"])
        except ValueError:
            self.logger.exception("Error handling request %s", environ["PATH_INFO"])
