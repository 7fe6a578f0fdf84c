"""uvicorn under gunicorn, for live answers and async views:
`gunicorn --config python:config.gunicorn --worker-class config.asgi_worker.Worker config.asgi`.
"""

import socket
import sys
from typing import Any

import uvicorn
from gunicorn.arbiter import Arbiter
from uvicorn_worker import UvicornWorker

from config.asgi_access import logged

# Seconds. gunicorn ends a worker that has not given a sign for longer (its setting timeout), which this one gives last
# when it begins to stop.
STOP_WITHIN = 25


class Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop when requests have been answered. Live answers would be open for minutes, so they end; browsers open
        them again at another process.
        """
        from tenants.serving.live import lines

        lines.end()
        if self.config.callback_notify is not None:
            await self.config.callback_notify()
        await super().shutdown(sockets)


class Worker(UvicornWorker):
    CONFIG_KWARGS = {
        **UvicornWorker.CONFIG_KWARGS,
        "lifespan": "off",
        # Its own would lack organisation and request, and leave out what LOG_FORMAT says.
        "access_log": False,
        # TRUSTED_PROXY_COUNT decides which proxies are believed.
        "proxy_headers": False,
        "server_header": False,
        "timeout_graceful_shutdown": STOP_WITHIN,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # gunicorn's own setting for workers of this kind, 1000. More are answered 503.
        self.config.limit_concurrency = self.cfg.worker_connections

    async def _serve(self) -> None:
        """As its parent does, with our server."""
        self.config.app = logged(self.wsgi, self.log)
        self._install_sigquit_handler()
        server = Server(config=self.config)
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
