"""What a connection is set to: schema, role, name and timeouts."""

from itertools import count
from typing import NamedTuple, Self

from django.conf import settings

from tenants import context
from tenants.isolation import extensions, timeouts


class Session(NamedTuple):
    """What the running code needs a connection to be set to."""

    schema: str
    role: str
    timeouts: timeouts.Timeouts

    @classmethod
    def wanted(cls) -> Self:
        role = context.role() if settings.DATABASE_ROLES else context.LOGIN
        return cls(context.schema_name(), role, timeouts.current())

    def settings(self) -> dict[str, str | None]:
        """The same as PostgreSQL's settings."""
        return {
            "search_path": extensions.path(self.schema),
            "role": self.role,
            **self.timeouts._asdict(),
        }


_numbers = count(1)


def switch(known: Session | None, wanted: Session) -> tuple[str, list[str | None]]:
    """One statement, with parameters, that turns a session into another; `known` is None if nothing is known of it.

    One round trip, and only what differs, and a new name: pg_stat_activity shows it to the operator, and the server
    reports to us when it is taken back (tenants/backend/watch.py). set_config() takes NULL for "as the server has it":
    https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
    """
    before = known.settings() if known else {}
    changed = {name: value for name, value in wanted.settings().items() if name not in before or before[name] != value}
    changed["application_name"] = f"{settings.DATABASE_ROLE_PREFIX} {wanted.schema} {next(_numbers)}"
    calls = ", ".join(f"set_config('{name}', %s, false)" for name in changed)
    return f"SELECT {calls}", list(changed.values())
