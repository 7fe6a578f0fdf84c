"""Where it happens: a database, folders, a web server and nurseries of the torture's own."""

import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString
from unittest.mock import patch
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from config.bundled.lease import data_folder, running_server
from config.bundled.server import SUPERUSER
from tests.bench.arena import only_one
from tests.bench.processes import WebServer, serving
from tests.torture.processes import Answer, Click, Nursery, kill, worker_of

THREADS = 64  # As in production: most of them are where requests wait.
DATABASE: LiteralString = "torture"
ROLES_OF_SCHEMAS = r"SELECT rolname FROM pg_roles JOIN pg_namespace ON nspname = rolname WHERE rolname LIKE 't\_%'"
# Django takes the cookie's secret itself for a form's token.
TOKEN = "t" * 32


class Arena:
    """Everything that is set up, and is gone when the stack is closed. Sets this process' environment as well."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.folder = Path(stack.enter_context(TemporaryDirectory(prefix="tenantry-torture-")))
        stack.enter_context(only_one("torture"))
        self.server = running_server(data_folder())
        self.drop()
        self.server.ensure_database(DATABASE)
        stack.callback(self.drop)
        stack.enter_context(patch.dict(os.environ, self.environment()))

    def serve(self) -> None:
        """Start the web server, as in production but for one thing: its workers are forked with all code loaded."""
        environment = os.environ | {"GUNICORN_CMD_ARGS": "--preload"}
        self.web = self.stack.enter_context(serving(environment, THREADS, self.folder / "web.log"))
        self.web_worker = worker_of(self.web)

    def renew(self) -> None:
        """Kill the web server's worker; the next one remembers nothing."""
        dead = self.web_worker
        kill(dead)
        self.web_worker = worker_of(self.web, not_this=dead)

    def nursery(self, **environment: str) -> Nursery:
        nursery = Nursery(os.environ | environment, self.folder / "commands.log")
        self.stack.callback(nursery.close)
        return nursery

    def click(
        self,
        host: str,
        path: str,
        form: dict[str, str] | None = None,
        *,
        session: str = "",
        multipart: tuple[str, bytes] | None = None,
        server: WebServer | None = None,
    ) -> Click:
        """Begin a request: a form that is sent, a multipart body with its type, or else a page that is looked at.

        `server`: another server than the arena's.
        """
        headers = {"Cookie": f"csrf={TOKEN}; session={session}"}
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if multipart is not None:
            headers["Content-Type"], body = multipart
        asked, worker = (server, 0) if server else (self.web, self.web_worker)
        return Click(asked, worker, host, path, body, headers)

    def get(self, host: str, path: str, session: str = "") -> Answer:
        """Look at a page, to the end."""
        click = self.click(host, path, session=session)
        click.wait()
        return click.answer

    def drop(self) -> None:
        """Take the database away, those who are connected, and the roles that were for its schemas."""
        self.server.ensure_running()
        name = sql.Identifier(DATABASE)
        roles = self.query(ROLES_OF_SCHEMAS, DATABASE) if self.exists() else []
        with psycopg.connect(**self.server.parameters(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            for (role,) in roles:
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    def exists(self) -> bool:
        """Is there a database of a run that was killed, or of this one? One that was being dropped cannot be asked."""
        return bool(self.query(f"SELECT FROM pg_database WHERE datname = '{DATABASE}' AND datconnlimit <> -2"))

    def query(self, query: LiteralString, database: str = SUPERUSER) -> list[tuple[str, ...]]:
        with psycopg.connect(**self.server.parameters(database, SUPERUSER)) as connection:
            return connection.execute(query).fetchall()

    def environment(self) -> dict[str, str]:
        where = self.server.parameters(DATABASE)
        host = quote(where["host"], safe="")
        return {
            "DJANGO_SETTINGS_MODULE": "tests.torture.settings",
            "DATABASE_URL": f"postgres://{where['user']}@{host}:{where['port']}/{where['dbname']}",
            "ENVIRONMENT": "development",
            "DEBUG": "0",
            "BASE_URL": "http://localhost",
            "ALLOWED_HOSTS": "localhost,.localhost",
            "LOG_LEVEL": "WARNING",
            "STATIC_ROOT": str(self.folder / "static"),
            "BACKUP_URL": str(self.folder / "backups"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "MAILBOX_DIR": str(self.folder / "mail"),
        }
