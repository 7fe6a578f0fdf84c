"""A process ends at a chosen point: after a function of the product was called so many times."""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any


def die_at(module: str, name: str, times: int) -> None:
    """From here on, the call number `times` of this function of the module is the last thing that the process does."""
    *owners, function = name.split(".")
    place: Any = import_module(module)
    for owner in owners:
        place = getattr(place, owner)
    setattr(place, function, deadly(getattr(place, function), times))


def deadly(function: Callable[..., Any], times: int) -> Callable[..., Any]:
    calls = 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        answer = function(*args, **kwargs)
        calls += 1
        if calls == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call
