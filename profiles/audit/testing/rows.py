"""A row of each model of this app, for tests that need one of every model."""

from profiles.audit.models import Entry
from profiles.models import User


def make(people: dict[str, User]) -> None:
    Entry.objects.create(kind="member.role_changed", actor="member", actor_id=people["owner"].pk, terms=["kind:x"])
