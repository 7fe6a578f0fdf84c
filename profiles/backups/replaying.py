"""The SQL of a dump, of copying.py or of pg_dump, read into a schema of another name: replay().

In the caller's transaction, which psql cannot do: it is another session. And a dump names its schema everywhere.
Outside of rows, that name is random, so it can be replaced. Rows stay as they are.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from profiles.backups.errors import CannotRestore
from tenants.context import as_owner, within
from tenants.isolation.database_roles import ROLE, run
from tenants.models import Tenant

# Before the first object there are settings of the session, which would outlive this transaction. We have our own.
FIRST = b"-- Name: "
# The same further down. `\unrestrict` is for psql.
LEFT_OUT = (b"SET default_tablespace = ", b"SET default_table_access_method = ", b"\\unrestrict ", b"\\restrict ")
LAST = b"-- PostgreSQL database dump complete"
UNCHECKED = "SET LOCAL check_function_bodies = off; SET LOCAL row_security = off"


def replay(lines: Iterable[bytes], tenant: Tenant, *, of: str) -> None:
    """Make the schema and role of `tenant` from a dump of the schema `of`. Raises CannotRestore if it has no end."""
    if settings.DATABASE_ROLES:
        run(ROLE, role=tenant.schema_name)
    script = Script(iter(lines), of.encode(), tenant.schema_name.encode())
    with within(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(UNCHECKED)
        for statements, copy in script.steps():
            if statements.strip():
                cursor.execute(statements.decode())
            if copy:
                with cursor.copy(copy.decode()) as rows:
                    for row in script.rows():
                        rows.write(row)
    if not script.is_whole:
        raise CannotRestore("The dump is cut off.")


class Script:
    """The lines of a dump: statements, and between them the rows of one table after the other."""

    def __init__(self, lines: Any, old: bytes, new: bytes) -> None:
        self.lines, self.old, self.new = lines, old, new
        self.is_whole = False

    def steps(self) -> Any:
        """Pairs of statements, and the COPY that follows them, whose rows() have to be read then."""
        statements: list[bytes] = []
        for line in self.lines:
            if line.startswith(FIRST):
                break
        for line in self.lines:
            self.is_whole = self.is_whole or line.startswith(LAST)
            if line.startswith(LEFT_OUT):
                continue
            renamed = line.replace(self.old, self.new)
            if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
                yield b"".join(statements), renamed
                statements = []
            else:
                statements.append(renamed)
        yield b"".join(statements), b""

    def rows(self) -> Any:
        for line in self.lines:
            if line == b"\\.\n":
                return
            yield line
