"""notify(): tells members of the current organisation what concerns them, through capabilities that deliver it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.dispatch import Signal

from shared.capabilities.registry import notice_kinds, rights

# Sent with `news`, inside the tenant and in the transaction of the change. What a receiver raises undoes the change.
noticed = Signal()


@dataclass(frozen=True)
class News:
    """What members are told: who they are (members, or the name of a right), and what happened to what."""

    people: Iterable[Any] | str
    kind: str
    about: Model | None
    by: Any
    words: Mapping[str, str | int]


def notify(people: Any, kind: str, about: Model | None = None, *, by: Any = None, **words: str | int) -> None:
    """Tell members, in the verb's transaction: `notify(member, "note.shared", note, by=actor, title=note.title)`.

    `people` is a member, members (a queryset of any length), or the name of a right: all active members who have it.
    `by` is the member who did it. They get no notice of their own action, and the sentence has their name as
    `%(by)s`. A word that is named as a field of `about` with choices is shown as its label.

    Without a capability that listens, nothing happens. Raises LookupError for a kind or a right that no app has
    registered, and for a word of the kind's sentence that is missing; TypeError if the notice would lead nowhere.
    """
    if kind not in notice_kinds():
        raise LookupError(f"No app has registered the kind {kind!r}. See notice_kinds in docs/capabilities.md.")
    if isinstance(people, str) and people not in rights():
        raise LookupError(f"No app has registered the right {people!r}.")
    if not notice_kinds()[kind].url_name and not hasattr(about, "get_absolute_url"):
        raise TypeError(f"{kind!r} leads nowhere: it needs a url_name, or `about` with get_absolute_url().")
    if by is not None:
        words = {"by": by.name} | words
    str(notice_kinds()[kind].sentence) % words  # raises KeyError, a LookupError
    people = [people] if isinstance(people, Model) else people
    noticed.send(sender=None, news=News(people, kind, about, by, words))
