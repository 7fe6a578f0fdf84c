"""Mails unread notices, soon or in the morning: one message per member with all that are due."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from profiles.mail.delivery import RETRY
from profiles.mail.outbox import post
from profiles.models import User
from profiles.notices import unsubscribing
from profiles.notices.models import Notice, Preference
from profiles.notices.ways import ways_of
from tenants.context import required
from tenants.tasks import tenant_task

# A job ends after so many members, so that other organisations' jobs run as well.
MEMBERS = 200


def plan(at: datetime) -> None:
    """Queue mailing for this time. There is one job per time, for any number of notices."""
    with suppress(AlreadyEnqueued):
        mail_notices.defer_at(at)


@tenant_task(name="notices.mail", queue="mail", queueing_lock="notices", retry=RETRY)
def mail_notices() -> None:
    """Raises ExceptionGroup with all failures, after the others were mailed. The failed ones are tried again."""
    failures: list[Exception] = []
    members = list(Notice.objects.due().order_by("to").values_list("to", flat=True).distinct()[: MEMBERS + 1])
    for key in members[:MEMBERS]:
        try:
            mail_to(key)
        except Exception as error:  # noqa: BLE001  raised below, once the others are done
            failures.append(error)
    if members[MEMBERS:]:
        plan(timezone.now())
    if failures:
        raise ExceptionGroup("Notices of some members could not be mailed.", failures)


@transaction.atomic
def mail_to(key: int) -> None:
    """Mail the due notices of a member, if they still want them and are still a member."""
    notices = list(Notice.objects.due().filter(to=key).select_for_update().order_by("id"))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(due=None)
    member = User.objects.active().exclude(email="").select_related("profile").filter(pk=key).first()
    if member is None:
        return
    ways = ways_of(member)
    for way in (Preference.Mail.SOON, Preference.Mail.DAILY):
        if wanted := [each for each in notices if each.kind in ways and ways[each.kind].mail == way]:
            send(member, wanted, is_digest=way == Preference.Mail.DAILY)


def send(member: User, notices: list[Notice], *, is_digest: bool) -> None:
    stop = unsubscribing.url(member, ["daily"] if is_digest else kinds_in(notices))
    context = {
        "member": member,
        "notices": [(notice, link(notice)) for notice in notices],
        "is_digest": is_digest,
        "url": link(notices[0]) if len(notices) == 1 else address_of("notices"),
        "stop_url": stop,
        "preferences_url": address_of("notice_preferences"),
    }
    post(to=member.email, reader=member, template="notices", context=context, headers=unsubscribing.headers(stop))


def kinds_in(notices: Iterable[Notice]) -> list[str]:
    return sorted({notice.kind for notice in notices})


def link(notice: Notice) -> str:
    return address_of("open_notice", notice.pk)


def address_of(name: str, *arguments: Any) -> str:
    """A URL on the organisation's canonical host."""
    return required().url(reverse(name, args=arguments, urlconf=settings.ROOT_URLCONF))
