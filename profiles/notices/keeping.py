"""Stores notices: one per recipient who wants it, and at most MOST per member."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import FilteredRelation, Model, Q, QuerySet
from django.utils import timezone

from profiles.models import User
from profiles.notices import mailing
from profiles.notices.models import Notice
from profiles.notices.ways import Way, default, due
from shared.capabilities.registry import rights
from tenants.notices import News

# Beyond this number, a member's oldest ones are deleted, even unread ones.
MOST = 300
BATCH = 1_000
TRIM = """
DELETE FROM notices_notice WHERE id IN (
    SELECT old.id FROM unnest(%s::bigint[]) AS told (member)
    CROSS JOIN LATERAL (SELECT id FROM notices_notice WHERE to_id = told.member ORDER BY id DESC OFFSET %s) AS old)
"""


def keep(news: News) -> None:
    """Store the notices, in the transaction of the event. Takes three statements per thousand members, and a job per
    time
    at which mail is due.
    """
    now = timezone.now()
    times: set[datetime] = set()
    keys_of_all = recipients(news)
    for first in range(0, len(keys_of_all), BATCH):
        keys = keys_of_all[first : first + BATCH]
        notices = [notice for member in told(keys, news.kind) if (notice := written(news, member, now))]
        Notice.objects.bulk_create(notices)
        trim(keys)
        times.update(notice.due for notice in notices if notice.due)
    for at in sorted(times):
        mailing.plan(at)


def recipients(news: News) -> list[int]:
    """The primary keys of the recipients, without duplicates and without the actor."""
    by = getattr(news.by, "pk", None)
    return [key for key in dict.fromkeys(keys_of(news.people)) if key != by]


def keys_of(people: Any) -> Iterator[int]:
    if isinstance(people, str):
        right = rights()[people]
        asked = User.objects.active().only("role", "is_active", "is_superuser")
        yield from (member.pk for member in asked.iterator(BATCH) if right(member))
    elif isinstance(people, QuerySet):
        yield from people.values_list("pk", flat=True)
    else:
        yield from (member.pk for member in people)


def told(keys: Iterable[int], kind: str) -> Iterable[dict[str, Any]]:
    """The active members among these, with time zone and preference for this kind, in one statement."""
    choice = FilteredRelation("notice_preferences", condition=Q(notice_preferences__kind=kind))
    members = User.objects.active().filter(pk__in=keys).annotate(choice=choice)
    return members.values("pk", "profile__time_zone", "choice__shown", "choice__mail")


def written(news: News, member: dict[str, Any], now: datetime) -> Notice | None:
    """The notice for a member; None if they do not want this kind."""
    chosen = Way(member["choice__shown"], member["choice__mail"])
    way = default(news.kind) if chosen.shown is None else chosen
    at = due(way.mail, member["profile__time_zone"] or "", now)
    if not (way.shown or at):
        return None
    model, key = named(news.about)
    notice = Notice(to_id=member["pk"], kind=news.kind, model=model, key=key, words=news.words, created=now)
    notice.shown, notice.due = way.shown, at
    return notice


def named(about: Model | None) -> tuple[str, str]:
    return (about._meta.label_lower, str(about.pk)) if about else ("", "")


def trim(members: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIM, [list(members), MOST])
