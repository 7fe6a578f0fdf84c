"""The page on which an owner deletes the organisation, and the one on which an owner keeps it after all."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from profiles.leaving import changes
from profiles.leaving.forms import DeleteForm
from profiles.leaving.models import Departure
from profiles.leaving.rights import deletes_organisation
from profiles.leaving.telling import owner_of
from profiles.models import User
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import public, required, within
from tenants.errors import WrongState


@require_http_methods(["GET", "HEAD", "POST"])
def delete_organisation(request: MemberRequest) -> HttpResponse:
    if not deletes_organisation(request.user):
        raise PermissionDenied
    tenant = required()
    form = DeleteForm(request.POST if request.method == "POST" else None, tenant=tenant)
    if form.is_valid():
        ask_for_password(request, _("Delete %(organisation)s") % {"organisation": tenant.name})
        changes.depart(actor=request.user)
        return redirect("home")  # which shows until when it can be kept
    context = {"form": form, "days": settings.LEAVING_DAYS, "members": User.objects.count()}
    return render(request, "profiles/delete_organisation.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_organisation(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """On the public site, since the organisation's own pages are suspended. Each link is for one owner."""
    departure = departure_of(slug, token)
    if departure is None:
        return render(request, "profiles/keep_dead.html", status=410)
    if request.method == "POST":
        with within(departure.tenant):
            owner = owner_of(token)
        try:
            changes.keep(tenant=departure.tenant, actor=owner or 0)
        except (PermissionDenied, WrongState, Departure.DoesNotExist):
            return render(request, "profiles/keep_dead.html", status=410)
        return redirect(departure.tenant.url())
    return render(request, "profiles/keep_organisation.html", {"departure": departure})


def departure_of(slug: str, token: str) -> Departure | None:
    """The departure of a link, if the organisation is still being deleted and the recipient is still an owner."""
    with public():
        found = Departure.objects.suspended().select_related("tenant").filter(tenant__slug=slug).first()
    if found is None or not found.tenant.is_complete:
        return None
    with within(found.tenant):
        key = owner_of(token)
        is_owner = key is not None and User.objects.owners().filter(pk=key).exists()
    return found if is_owner else None
