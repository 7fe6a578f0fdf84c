"""How members are told of each kind: as the kind says, unless they choose otherwise."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from profiles.models import User
from profiles.models.profile import known_time_zones
from profiles.notices.models import Preference
from shared.capabilities.registry import notice_kinds, rights

# So long nothing is mailed: who is at the product reads it there.
DELAY = timedelta(minutes=5)
MORNING = time(8)


class Way(NamedTuple):
    """Is it listed in the product, and when is it mailed?"""

    shown: bool
    mail: str


def default(kind: str) -> Way:
    return Way(notice_kinds()[kind].shown, notice_kinds()[kind].mail)


def ways_of(member: User) -> dict[str, Way]:
    """The way of each kind, in one statement."""
    chosen = {each.kind: Way(each.shown, each.mail) for each in Preference.objects.filter(member=member)}
    return {kind: chosen.get(kind, default(kind)) for kind in notice_kinds()}


def kinds_for(member: User) -> list[str]:
    """The kinds that this member can choose about: those that have a label and can concern them."""
    offered = {kind: each for kind, each in notice_kinds().items() if each.label}
    return [kind for kind, each in offered.items() if not each.may or rights()[each.may](member)]


@transaction.atomic
def choose(member: User, ways: Mapping[str, Way]) -> None:
    """Keep what a member chooses for these kinds. What is the default is not kept, so that it follows the kind's."""
    # Of two that choose at once, the second waits here.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    Preference.objects.filter(member=member, kind__in=ways).delete()
    Preference.objects.bulk_create(
        [Preference(member=member, kind=kind, **way._asdict()) for kind, way in ways.items() if way != default(kind)]
    )


def stop_mail(member: User, kinds: list[str]) -> None:
    """Mail this member no more of these kinds. "daily" stands for all that are mailed once a day."""
    ways = {kind: way for kind, way in ways_of(member).items() if kind in kinds or way.mail in kinds}
    choose(member, {kind: way._replace(mail=Preference.Mail.NEVER) for kind, way in ways.items()})


def due(mail: str, zone: str, now: datetime) -> datetime | None:
    """When a notice of now is mailed: to the minute, so that a minute's notices share a job."""
    if mail == Preference.Mail.NEVER:
        return None
    if mail == Preference.Mail.SOON:
        return (now + DELAY + timedelta(minutes=1)).replace(second=0, microsecond=0)
    return next_morning(zone, now)


def next_morning(zone: str, now: datetime) -> datetime:
    clock = ZoneInfo(zone if zone in known_time_zones() else "UTC")
    today = now.astimezone(clock).date()
    morning = datetime.combine(today, MORNING, clock)
    return morning if morning > now else datetime.combine(today + timedelta(days=1), MORNING, clock)
