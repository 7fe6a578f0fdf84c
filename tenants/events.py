"""emit(): says what was done in the current organisation, to capabilities that keep it or send it on."""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.dispatch import Signal

from shared.capabilities.registry import audit_kinds
from shared.storable import check_storable
from tenants.eager import block

# Sent with `event`, inside the tenant and in the transaction of the change. What a receiver raises undoes the change.
happened = Signal()


_operator: ContextVar[str] = ContextVar("operator", default="")


@block
def operated_by(name: str) -> Iterator[None]:
    """What is done in this block is done by an operator of this name, who is no member of the organisation."""
    token = _operator.set(name)
    try:
        yield
    finally:
        _operator.reset(token)


@dataclass(frozen=True)
class Event:
    """What was done, to which objects, by which member (the sender of the request if None), and which fields changed.

    A change is (from, to), or None where the values are secrets or private.
    """

    kind: str
    objects: tuple[Model, ...]
    by: Model | None = None
    changes: Mapping[str, tuple[Any, Any] | None] = field(default_factory=dict)
    operator: str = ""  # the name of the operator who did it, or who is signed in as that member


def emit(kind: str, /, *objects: Model, by: Model | None = None, **changes: tuple[Any, Any] | None) -> None:
    """Say what a verb does, in its transaction: `emit("member.role_changed", member, by=actor, role=(old, new))`.

    Objects have their primary keys still: a verb that deletes one calls this first. Raises LookupError for a kind that
    no app has registered (audit_kinds), and ValidationError for values that cannot be stored.
    """
    if kind not in audit_kinds():
        raise LookupError(f"No app has registered the kind {kind!r}. See audit_kinds in docs/capabilities.md.")
    changed = {name: change for name, change in changes.items() if change is None or change[0] != change[1]}
    check_storable([changed, _operator.get()])
    happened.send(sender=None, event=Event(kind, objects, by, changed, _operator.get()))
