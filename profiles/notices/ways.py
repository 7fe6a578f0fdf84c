"""How members receive each kind: by the kind's default, unless they choose otherwise."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from profiles.models import User
from profiles.models.profile import known_time_zones
from profiles.notices.models import Preference
from shared.capabilities.registry import notice_kinds, rights
from shared.checked import not_possible

# Mail waits so long: members who use the product now read it there.
DELAY = timedelta(minutes=5)
MORNING = time(8)


class Way(NamedTuple):
    """Whether it is listed in the product, and when it is mailed."""

    shown: bool
    mail: str


def default(kind: str) -> Way:
    return Way(notice_kinds()[kind].shown, notice_kinds()[kind].mail)


def ways_of(member: User) -> dict[str, Way]:
    """The way of each kind, in one statement."""
    chosen = {each.kind: Way(each.shown, each.mail) for each in Preference.objects.filter(member=member)}
    return {kind: chosen.get(kind, default(kind)) for kind in notice_kinds()}


def kinds_for(member: User) -> list[str]:
    """The kinds that this member can set: those with a label, and whose right they have."""
    offered = {kind: each for kind, each in notice_kinds().items() if each.label}
    return [kind for kind, each in offered.items() if not each.may or rights()[each.may](member)]


@transaction.atomic
def choose(member: User, ways: Mapping[str, Way]) -> None:
    """Store a member's choices for these kinds. Defaults are not stored, so that they follow later changes.

    Raises ValidationError for an unknown kind or way.
    """
    for kind in ways.keys() - notice_kinds().keys():
        raise not_possible(Preference(kind=kind), "kind")
    # With two requests at the same time, the second waits here.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    chosen = [
        Preference(member=member, kind=kind, **way._asdict()) for kind, way in ways.items() if way != default(kind)
    ]
    for each in chosen:
        each.check_values()
    Preference.objects.filter(member=member, kind__in=ways).delete()
    Preference.objects.bulk_create(chosen)


def stop_mail(member: User, kinds: list[str]) -> None:
    """Stop mail of these kinds to this member. "daily" means all kinds that are mailed daily."""
    ways = {kind: way for kind, way in ways_of(member).items() if kind in kinds or way.mail in kinds}
    choose(member, {kind: way._replace(mail=Preference.Mail.NEVER) for kind, way in ways.items()})


def due(mail: str, zone: str, now: datetime) -> datetime | None:
    """The time of mail for a notice of now, in whole minutes, so that the notices of a minute share a job."""
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
