"""Two who act on each other at the same moment, and fifty who use one invitation."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations_with_replacement, cycle, islice
from typing import Any

from django.db import transaction

from profiles.invitations import changes as invitations
from profiles.members import changes as members
from profiles.models import User
from profiles.roles import Role
from profiles.testing import PASSWORD, new_organisation
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.races import at_once

CROWD = 50
VERBS: dict[str, Callable[[User, User], Any]] = {
    "demote": lambda actor, other: members.change_role(actor=actor, member=other, role=Role.READER),
    "deactivate": lambda actor, other: members.deactivate(actor=actor, member=other),
    "remove": lambda actor, other: members.remove(actor=actor, member=other),
    "leave": lambda actor, _: members.leave(member=actor),
}


@dataclass
class Race:
    """What came of many rounds of one kind. `outcomes` counts how many owners, or members, were left."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def race(rounds: int, say: Callable[[str], None]) -> list[Race]:
    say(f"racing {rounds} times")
    tenant = new_organisation("races")
    pairs = list(combinations_with_replacement(VERBS, 2))
    races = {pair: Race(f"race of two owners: {' and '.join(pair)}") for pair in pairs}
    for pair in islice(cycle(pairs), rounds):
        against_each_other(tenant, pair, races[pair])
    crowd = Race(f"{CROWD} acceptances of one invitation")
    for number in range(max(1, rounds // 100)):
        all_accept(tenant, number, crowd)
    return [*races.values(), crowd]


def against_each_other(tenant: Tenant, pair: tuple[str, str], race: Race) -> None:
    with within(tenant):
        olga, otto = two_owners()
        hers, his = (VERBS[name] for name in pair)
        results = at_once(tenant, partial(hers, olga, otto), partial(his, otto, olga))
        owners = User.objects.owners().count()
    race.outcomes[f"left {owners}"] += 1
    if owners == 0:
        race.faults.append(f"no member owns it: {results}")


@transaction.atomic
def two_owners() -> list[User]:
    User.objects.all().delete()
    return [User.objects.create_user(name, role=Role.OWNER) for name in ("olga", "otto")]


def all_accept(tenant: Tenant, number: int, race: Race) -> None:
    with within(tenant):
        owner, _ = two_owners()
        token = invitations.invite(actor=owner, email=f"new{number}@races.example", role=Role.READER).token
        tries = [
            partial(invitations.accept, token=token, name="New Person", username=f"new{each}", password=PASSWORD)
            for each in range(CROWD)
        ]
        results = at_once(tenant, *tries)
        joined = User.objects.filter(role=Role.READER).count()
    race.outcomes[f"made {joined}"] += 1
    if joined != 1:
        race.faults.append(f"{joined} members of one invitation: {Counter(type(each).__name__ for each in results)}")
