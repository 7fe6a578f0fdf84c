"""Which announcements a page shows. Each process remembers them, so that no page asks the database."""
# ruff: noqa: ARG001  receivers have the signature that Django calls

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from profiles.announcements.models import Announcement
from profiles.roles import MANAGERS, Role
from tenants.context import public
from tenants.models import Tenant
from tenants.serving import hosts

COOKIE = "closed_announcements"
# What a process remembers, the most urgent last. More than a few at once are not read.
MOST = 20
AUDIENCES: dict[str, tuple[Role, ...]] = {
    Announcement.Audience.EVERYONE: tuple(Role),
    Announcement.Audience.MANAGERS: MANAGERS,
    Announcement.Audience.OWNERS: (Role.OWNER,),
}
_remembered: tuple[Announcement, ...] = ()


def remember(**kwargs: Any) -> None:
    """Read those that are not over, when the directory has changed (tenants.signals.directory_changed)."""
    global _remembered  # noqa: PLW0603  one memory for each process, replaced as a whole
    _remembered = tuple(Announcement.objects.not_over().order_by("starts", "pk")[:MOST])


def renew() -> None:
    """Let all processes read them: an update of a row of the directory is a change of it (tenants/serving/hosts.py)."""
    with public():
        Tenant.objects.filter(is_operators=True).update(is_operators=True)
    hosts.forget()


def context(page: Any) -> dict[str, Any] | None:
    request = page.get("request")
    found = list(shown_to(request)) if request is not None else []
    return {"announcements": found} if found else None


def shown_to(request: HttpRequest) -> Iterator[Announcement]:
    """Those for the signed-in member, without those that they have closed."""
    tenant, user = getattr(request, "tenant", None), getattr(request, "user", None)
    if not _remembered or tenant is None or user is None or not user.is_authenticated:
        return
    now, is_closed = timezone.now(), closed(request)
    for each in _remembered:
        is_theirs = not each.organisations or tenant.pk in each.organisations
        is_now = each.starts <= now < each.ends
        if is_theirs and is_now and user.role in AUDIENCES.get(each.audience, ()) and each.pk not in is_closed:
            yield each


def closed(request: HttpRequest) -> set[int]:
    """The primary keys in the cookie of this browser. One that is not ours has none."""
    parts = request.COOKIES.get(COOKIE, "").split(".")[:MOST]
    return {int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19}
