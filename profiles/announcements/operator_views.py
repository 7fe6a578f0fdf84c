"""In the console: announcements are listed, made, changed and ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.announcements.forms import AnnouncementForm
from profiles.announcements.models import Announcement
from profiles.announcements.rights import announces
from profiles.announcements.shown import renew
from profiles.operators.access import lookers
from profiles.requests import MemberRequest
from tenants.context import public
from tenants.events import emit
from tenants.once.doing import once
from tenants.serving import hosts

SHOWN = 50


@lookers
@require_safe
def announcements(request: MemberRequest) -> HttpResponse:
    with public():
        rows = list(Announcement.objects.order_by("-ends", "-pk")[:SHOWN])
    return render(request, "profiles/announcements.html", {"announcements": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_announcement(request: MemberRequest) -> HttpResponse:
    return write(request, Announcement(), "console.announced")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_announcement(request: MemberRequest, pk: int) -> HttpResponse:
    return write(request, found(request, pk), "console.announcement_changed")


def write(request: MemberRequest, announcement: Announcement, kind: str) -> HttpResponse:
    if not announces(request.user):
        raise PermissionDenied
    form = AnnouncementForm(request.POST if request.method == "POST" else None, instance=announcement)
    with public():
        is_valid = form.is_valid()  # It asks the table for its constraints.
    if is_valid:
        with transaction.atomic():
            with public():
                form.save()
                Announcement.objects.long_over().delete()
            emit(kind, announcement, by=request.user)
            renew()
        messages.success(request, _("Members see it within %(seconds)s seconds.") % {"seconds": hosts.SECONDS})
        return redirect("announcements")
    return render(request, "profiles/announcement.html", {"form": form, "announcement": announcement})


@require_POST
@once
@transaction.atomic
def end_announcement(request: MemberRequest, pk: int) -> HttpResponse:
    """One that was never shown is deleted. What has ended already stays as it is."""
    announcement, now = found(request, pk), timezone.now()
    with public():
        row = Announcement.objects.not_over().filter(pk=pk)
        number = row.update(ends=now) if announcement.starts < now else row.delete()[0]
    if number:
        emit("console.announcement_ended", announcement, by=request.user)
        renew()
    messages.success(request, _("The announcement is over."))
    return redirect("announcements")


def found(request: MemberRequest, pk: int) -> Announcement:
    """Raises PermissionDenied and Http404."""
    if not announces(request.user):
        raise PermissionDenied
    with public():
        return get_object_or_404(Announcement, pk=pk)
