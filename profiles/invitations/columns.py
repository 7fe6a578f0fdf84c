"""What apps add to invitations: a column of the file for many people, and what it means when the person joins."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from profiles.models import Invitation, User
from shared.capabilities.registry import imported


@dataclass(frozen=True, kw_only=True)
class InvitationColumn:
    """A column of a list of people to be invited (Capability.invitation_columns).

    `read` takes what was typed in some lines. It returns what is kept with the invitation, as JSON, for each text that
    means something, in a constant number of statements. `join` is called in the transaction in which the person joins.
    """

    name: str  # under which the value is kept
    label: str | Promise
    heads: tuple[str, ...]  # what the column is called in files, in lower case
    read: Callable[[Collection[str]], Mapping[str, Any]]
    join: Callable[[User, Any, User | None], None]  # the member, the value, and who invited them


def columns() -> dict[str, InvitationColumn]:
    return {column.name: column for column in imported("invitation_columns")}


def join_what_was_added(member: User, invitation: Invitation) -> None:
    """Have the apps do what the invitation says beside the role. A value of an app that was taken out is left."""
    known = columns()
    for name in invitation.added.keys() & known.keys():
        known[name].join(member, invitation.added[name], invitation.invited_by)
