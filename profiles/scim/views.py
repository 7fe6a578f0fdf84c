"""The settings' pages on which an owner sets provisioning up."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles.api.changes import Wishes
from profiles.api.models import TokenPolicy
from profiles.requests import MemberRequest
from profiles.scim import changes
from profiles.scim.forms import DirectoryForm, ScimTokenForm
from profiles.scim.models import Account, Directory
from profiles.scim.offered import ENDPOINTS
from profiles.scim.place import PATH
from profiles.scim.rights import sets_up
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required
from tenants.once.doing import once


def check(request: MemberRequest) -> None:
    if not sets_up(request.user):
        raise PermissionDenied


def directory_of(request: MemberRequest) -> Directory:
    """Raises PermissionDenied, and Http404 where provisioning is off."""
    check(request)
    directory = Directory.current()
    if directory is None:
        raise Http404
    return directory


@require_safe
def settings(request: MemberRequest) -> HttpResponse:
    check(request)
    directory = Directory.current()
    found = list(changes.tokens().order_by("-created", "pk")) if directory else []
    context = {
        "directory": directory,
        "address": required().url(PATH).rstrip("/"),
        "tokens": found,
        "is_full": len(found) >= changes.MOST_TOKENS,
        "linked": Account.objects.count() if directory else 0,
        "serves_groups": "Groups" in ENDPOINTS,
    }
    return render(request, "profiles/scim.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def switch_on(request: MemberRequest) -> HttpResponse:
    check(request)
    if Directory.current():
        return redirect("scim_settings")
    form = DirectoryForm(request.POST if request.method == "POST" else None, instance=Directory())
    if form.is_valid():
        ask_for_password(request, _("Switch provisioning on"))
        changes.switch_on(actor=request.user, directory=form.instance)
        messages.success(request, _("Provisioning is on. Create a token for your directory."))
        return redirect("scim_settings")
    return render(request, "profiles/edit_scim.html", {"form": form, "is_new": True})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest) -> HttpResponse:
    directory = directory_of(request)
    form = DirectoryForm(request.POST if request.method == "POST" else None, instance=directory)
    if form.is_valid():
        ask_for_password(request, _("Change provisioning"))
        changes.change(actor=request.user, directory=form.instance)
        messages.success(request, _("The settings were saved."))
        return redirect("scim_settings")
    return render(request, "profiles/edit_scim.html", {"form": form, "is_new": False})


@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: MemberRequest) -> HttpResponse:
    directory_of(request)
    form = ScimTokenForm(request.POST if request.method == "POST" else None, policy=TokenPolicy.load())
    if form.is_valid():
        ask_for_password(request, _("Create a token for provisioning"))
        given = form.wishes()
        try:
            return made(request, given)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "profiles/new_scim_token.html", {"form": form})


def made(request: MemberRequest, wishes: Wishes) -> HttpResponse:
    """The only page that shows the token."""
    token, text = changes.issue(actor=request.user, wishes=wishes)
    address = required().url(PATH).rstrip("/")
    response = render(request, "profiles/scim_token_made.html", {"token": token, "text": text, "address": address})
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@once
def revoke_token(request: MemberRequest, pk: int) -> HttpResponse:
    directory_of(request)
    token = get_object_or_404(changes.tokens(), pk=pk)
    if request.method == "POST":
        changes.revoke(actor=request.user, token=token)
        messages.success(request, _("“%(name)s” was revoked and no longer works.") % {"name": token.name})
        return redirect("scim_settings")
    return render(request, "profiles/revoke_scim_token.html", {"token": token})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def remove(request: MemberRequest) -> HttpResponse:
    directory_of(request)
    if request.method == "POST":
        ask_for_password(request, _("Remove provisioning"))
        changes.remove(actor=request.user)
        messages.success(request, _("Provisioning was removed."))
        return redirect("scim_settings")
    return render(request, "profiles/remove_scim.html")
