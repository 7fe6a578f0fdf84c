"""Stores notices: one for each member who is told, if they want to be, and never more than MOST of one member."""

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

# A member's oldest ones beyond these are deleted, also unread ones.
MOST = 300
BATCH = 1_000
TRIM = """
DELETE FROM notices_notice WHERE id IN (
    SELECT old.id FROM unnest(%s::bigint[]) AS told (member)
    CROSS JOIN LATERAL (SELECT id FROM notices_notice WHERE to_id = told.member ORDER BY id DESC OFFSET %s) AS old)
"""


def keep(news: News) -> None:
    """In the transaction of what happened. For each thousand members it takes three statements, and a job for each
    time at which some of them are mailed.
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
    """The primary keys of who is told, each once; not of who did it."""
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
    """The active ones of these members, each with the time zone and the choice for this kind, in one statement."""
    choice = FilteredRelation("notice_preferences", condition=Q(notice_preferences__kind=kind))
    members = User.objects.active().filter(pk__in=keys).annotate(choice=choice)
    return members.values("pk", "profile__time_zone", "choice__shown", "choice__mail")


def written(news: News, member: dict[str, Any], now: datetime) -> Notice | None:
    """The notice for one member; None if they want none of this kind."""
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
