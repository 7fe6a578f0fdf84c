"""System check: config/plans.py makes sense."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from shared.capabilities.checks import reverses
from shared.capabilities.registry import allowances
from shared.plans import Plan


@register
def check_plans(**_asked: Any) -> list[CheckMessage]:
    """Returns an error for each mistake."""
    hint = "See config/plans.py and docs/plans.md."
    return [Error(problem, hint=hint, id="plans.E001") for problem in problems()]


def problems() -> Iterator[str]:
    named = {"DEFAULT": settings.DEFAULT_PLAN, "AFTER_TRIAL": settings.AFTER_TRIAL}
    if settings.TRIAL:
        named["TRIAL"] = settings.TRIAL.plan
    for where, name in named.items():
        if name not in settings.PLANS:
            yield f"{where} of the plans is {name!r}, and there is no such plan."
    if settings.PLAN_CHANGED_AT and not reverses(settings.PLAN_CHANGED_AT, settings.ROOT_URLCONF):
        yield f"CHANGED_AT of the plans is {settings.PLAN_CHANGED_AT!r}, and no address has that name."
    for name, plan in settings.PLANS.items():
        yield from problems_of(name, plan)


def problems_of(name: str, plan: Plan) -> Iterator[str]:
    if plan.seats is not None and plan.seats < 1:
        yield f"The plan {name!r} has no seat, and an organisation has an owner at least."
    for more in plan.more:
        if more not in allowances():
            yield f"The plan {name!r} limits {more!r}, and no app has registered such an allowance."
