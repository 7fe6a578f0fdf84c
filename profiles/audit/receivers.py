"""Writes an entry for each event, in the transaction of the change."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.dispatch import receiver

from profiles.audit.changes import About, Change
from profiles.audit.models import LONGEST_NAME, Entry, by, of_kind, touching
from profiles.audit.origin import Origin, origin
from tenants.context import current
from tenants.events import Event, happened
from tenants.limits.addresses import client_address


@receiver(happened)
def write(event: Event, **_kwargs: Any) -> None:
    source = origin.get()
    actor = actor_of(event, source)
    objects = [described(each) for each in event.objects]
    check_labels(event, objects)
    terms = [of_kind(event.kind), *(touching(each["type"], each["id"]) for each in objects)]
    entry = Entry(kind=event.kind, about=objects, changes=dict(event.changes), terms=terms)
    entry.actor = Entry.Actor.MEMBER if actor else Entry.Actor.VISITOR if source else Entry.Actor.SYSTEM
    if actor:
        entry.actor_id, entry.actor_name = actor.pk, actor.name
        terms.append(by(actor.pk))
    if source:
        entry.address = client_address(source.request) or None
        entry.user_agent, entry.request = source.user_agent, source.id
        entry.via = getattr(source.request, "acts_via", "")
        entry.actor = getattr(source.request, "acts_as", "") or entry.actor
    if event.operator:
        name_operator(entry, event.operator)
    entry.save(force_insert=True)


def check_labels(event: Event, objects: About) -> None:
    """Raise LookupError in tests for a change that the page could not name for people."""
    if not settings.AUDIT_NEEDS_LABELS:
        return
    for name, values in event.changes.items():
        if not Change(event.kind, objects, name).is_readable(values or ()):
            raise LookupError(f"No words for {name!r} of {event.kind}. See audit_fields in docs/capabilities.md.")


def name_operator(entry: Entry, name: str) -> None:
    """The operator who acts, also while signed in as a member."""
    entry.actor = Entry.Actor.OPERATOR
    if entry.actor_id:
        entry.via = name[:80]
    else:
        entry.actor_name = name[:LONGEST_NAME]


def actor_of(event: Event, source: Origin | None) -> Any:
    """The actor that the verb names, or else the signed-in member; None for a visitor and the system."""
    if event.by is not None:
        return event.by
    request = source.request if source else None
    # In another organisation, this primary key is another person's.
    is_theirs = request is not None and getattr(request, "tenant", None) == current()
    user = getattr(request, "user", None) if is_theirs else None
    return user if user is not None and user.is_authenticated else None


def described(thing: Model) -> dict[str, str]:
    """An object as it is now. Its name is empty if it has none, such as the welcome text."""
    name = getattr(thing, "name", "") or getattr(thing, "email", "")
    return {"type": thing._meta.label_lower, "id": str(thing.pk), "name": str(name)}
