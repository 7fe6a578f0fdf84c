"""The session state of a connection: schema, role, name and timeouts."""

from itertools import count
from typing import NamedTuple, Self

from django.conf import settings

from tenants import context
from tenants.isolation import extensions, timeouts


class Session(NamedTuple):
    """The session state that the running code needs."""

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
    """One statement, with parameters, that changes session `known` to `wanted`; `known` is None if it is unknown.

    It takes one round trip, and sets only what differs and a new application_name: pg_stat_activity shows that name to
    operators, and the server reports to us when it is reset (tenants/backend/watch.py). set_config() takes NULL for the
    server's default:
    https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
    """
    before = known.settings() if known else {}
    changed = {name: value for name, value in wanted.settings().items() if name not in before or before[name] != value}
    changed["application_name"] = f"{settings.DATABASE_ROLE_PREFIX} {wanted.schema} {next(_numbers)}"
    calls = ", ".join(f"set_config('{name}', %s, false)" for name in changed)
    return f"SELECT {calls}", list(changed.values())
