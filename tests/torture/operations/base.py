"""Operation: one thing that is done again and again, and looked at after each kill."""

from enum import Enum
from random import Random
from typing import Any

from django.db import connection

from tenants.context import public
from tenants.models import Tenant
from tests.torture.arena import Arena
from tests.torture.processes import Running, TortureFailed


class Torn(TortureFailed):
    """What must not be: half of something, something lost, something left, or a retry that fails."""


class State(Enum):
    """How much of it there is."""

    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


class Operation:
    """Used for one kill after the other: prepare, start, check, retry."""

    name = ""

    def __init__(self, arena: Arena, random: Random) -> None:
        self.arena, self.random = arena, random
        self.notes: dict[str, int] = {}

    def prepare(self) -> None:
        """Make what the next one is about."""

    def start(self) -> Running:
        raise NotImplementedError

    def check(self) -> State:
        """How much of it there is. Raises Torn."""
        raise NotImplementedError

    def retry(self) -> None:
        """Do it once more, as a person or the next worker would. Raises Torn unless all of it is there then."""
        raise NotImplementedError

    def finish(self) -> None:
        """Look at all of them together. Raises Torn."""

    def note(self, what: str, count: int = 1) -> None:
        self.notes[what] = self.notes.get(what, 0) + count


def demand(holds: object, words: str) -> None:
    """Raise Torn with these words unless something holds."""
    if not holds:
        raise Torn(words)


def one_of(facts: dict[str, bool]) -> State:
    """Either all or none of these facts hold. Raises Torn with those that hold without the others."""
    if all(facts.values()):
        return State.WHOLE
    there = [fact for fact, is_so in facts.items() if is_so]
    demand(not there, f"only {', '.join(there)}; not {', '.join(fact for fact in facts if fact not in there)}")
    return State.NOTHING


def rows(query: str, *parameters: Any) -> list[Any]:
    """What a statement returns, in `public`."""
    with public(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


def check_directory() -> None:
    """Each schema has its row, each row its schema, each organisation an address. Raises Torn."""
    schemas = {name for (name,) in rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%'")}
    with public():
        tenants = set(
            Tenant.objects.standing().exclude(state=Tenant.State.TEMPLATE).values_list("schema_name", flat=True)
        )
        homeless = Tenant.objects.active().filter(domains=None).count()
        spoken_for = Tenant.objects.filter(state=Tenant.State.SPARE).exclude(domains=None).count()
    demand(schemas == tenants, f"schemas without a row or the other way round: {schemas ^ tenants}")
    demand(not homeless, f"{homeless} organisations without an address")
    demand(not spoken_for, f"{spoken_for} spares with an address")
