"""Making an organisation: signing up, and the spare that a sign-up uses."""

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import BOTH_PLAIN, PLAIN, PLAIN_FAST, TENANTRY, Row, medians
from tests.bench.processes import BenchFailed


def measure(arena: Arena) -> list[Row]:
    names = (PLAIN, PLAIN_FAST, TENANTRY)
    sign_ups: dict[str, list[float]] = {name: [] for name in names}
    refills: list[float] = []
    for number in range(-1, arena.size.rounds):
        for name in by_turns(names, number):
            made = arena.ask(name, "make")
            if number >= 0:
                sign_ups[name] += made["sign-up"]
                refills += made.get("refill", [])
    plain = {name: sign_ups[name] for name in BOTH_PLAIN}
    if arena.ask(PLAIN, "misnamed"):
        raise BenchFailed("Plain organisations are not like their template.")
    clone = (
        f"A clone is shown only: {arena.ask(PLAIN_FAST, 'misnamed')} constraints and indexes have other names in it."
    )
    return [
        Row(
            "sign-up, without the password hash",
            "s",
            medians(sign_ups),
            against=(PLAIN,),
            at_least=100,
            note="Plain: Tenant.save() by migrations or clone, Domain, owner. Tenantry: sign_up(), from a full stock "
            f"until it is half empty, and the job that refills it is queued. {clone}",
            rounds=sign_ups,
        ),
        Row(
            "refill: one more spare",
            "s",
            medians(plain | {TENANTRY: refills}),
            against=(PLAIN,),
            at_least=15,
            note=f"Against the same sign-ups of plain django-tenants, which has no spares. {clone}",
            rounds={TENANTRY: refills},
        ),
    ]
