"""Pages for owners and admins: the settings of joining, and pending requests."""

import base64
from collections.abc import Callable

import qrcode
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from profiles.access import managers_only
from profiles.joining import asking, links
from profiles.joining.forms import LinkForm, RequestsForm
from profiles.joining.models import Applicant, Joining
from profiles.requests import MemberRequest
from profiles.roles import Role, granted_roles
from profiles.sign_in.sessions import ask_for_password
from shared.keyset import keyset_page
from tenants.once.doing import once

PAGE = 50


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: MemberRequest) -> HttpResponse:
    """The present link, and the setting for requests, which POST changes."""
    found = Joining.load()
    form = RequestsForm(
        request.POST if request.method == "POST" else None, initial={"takes_requests": found.takes_requests}
    )
    if form.is_valid():
        asking.allow_requests(actor=request.user, is_allowed=form.cleaned_data["takes_requests"])
        messages.success(request, _("The settings were saved."))
        return redirect("joining")
    qr = drawn(found.url) if found.is_alive else ""
    return render(request, "profiles/joining.html", {"joining": found, "form": form, "qr": qr})


def drawn(url: str) -> str:
    """The QR code of an address, as an image that the page contains."""
    svg = qrcode.make(url, image_factory=SvgPathImage).to_string()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


@managers_only
@once
def make_link(request: MemberRequest) -> HttpResponse:
    form = LinkForm(request.POST or None, actor=request.user)
    if form.is_valid():
        ask_for_password(request, _("Make a new join link"))
        links.make_link(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The new join link works from now on."))
        return redirect("joining")
    return render(request, "profiles/make_join_link.html", {"form": form, "joining": Joining.load()})


@require_POST
@managers_only
@once
def end_link(request: MemberRequest) -> HttpResponse:
    links.end_link(actor=request.user)
    messages.success(request, _("The join link no longer works."))
    return redirect("joining")


@require_safe
@managers_only
def join_requests(request: MemberRequest) -> HttpResponse:
    """Those that wait. From the time when a manager has seen them, a new one is told by mail again."""
    page = keyset_page(Applicant.objects.waiting(), request.GET, PAGE)
    joining = Joining.load()
    if joining.told and request.method == "GET":
        asking.seen()
    roles = [choice for choice in granted_roles(request.user) if choice[0] != Role.OWNER]
    context = {"page": page, "roles": roles, "default": Role.READER, "joining": joining}
    return render(request, "profiles/join_requests.html", context)


@require_POST
@managers_only
@once
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    role = request.POST.get("role", "")
    done = _("You invited %(email)s.")
    return act(request, pk, done, lambda who: asking.approve(actor=request.user, applicant=who, role=role))


@require_POST
@managers_only
@once
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    is_told = "tell" in request.POST
    done = _("You declined the request of %(email)s.")
    return act(request, pk, done, lambda who: asking.decline(actor=request.user, applicant=who, is_told=is_told))


def act(request: MemberRequest, pk: int, done: str, verb: Callable[[Applicant], object]) -> HttpResponse:
    applicant = get_object_or_404(Applicant, pk=pk)
    try:
        verb(applicant)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except Applicant.DoesNotExist:
        messages.info(request, _("This request has already been decided."))
    else:
        messages.success(request, done % {"email": applicant.email})
    return redirect("join_requests")
