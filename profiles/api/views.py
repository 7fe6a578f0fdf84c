"""Pages of tokens: a member's own, and for those who manage members the organisation's."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from profiles.access import managers_only
from profiles.api import changes as verbs
from profiles.api.forms import PolicyForm, ServiceForm, TokenForm
from profiles.api.models import Token, TokenPolicy
from profiles.api.reference import groups
from profiles.api.rights import manages_tokens, revokes, revokes_all
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from shared.keyset import keyset_page
from tenants.context import required
from tenants.once.doing import once

PAGE = 50


@require_safe
def tokens(request: MemberRequest) -> HttpResponse:
    context = {"tokens": Token.objects.of(request.user).newest_first(), "policy": TokenPolicy.load()}
    return render(request, "profiles/api_tokens.html", context)


@require_safe
def reference(request: MemberRequest) -> HttpResponse:
    base = required().url("/api/v1")
    example = f'curl {base}/me -H "Authorization: Bearer {settings.API_TOKEN_PREFIX}…"'
    context = {"groups": groups(), "base": base, "example": example}
    return render(request, "profiles/api_reference.html", context)


def new_token(request: MemberRequest) -> HttpResponse:
    policy = TokenPolicy.load()
    if not policy.members_make_tokens:
        raise PermissionDenied
    form = TokenForm(request.POST or None, policy=policy)
    if form.is_valid():
        ask_for_password(request, _("Create the API token “%(name)s”") % {"name": form.cleaned_data["name"]})
        try:
            return made(request, *verbs.issue(member=request.user, wishes=form.wishes()))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "profiles/new_api_token.html", {"form": form})


@managers_only
def new_service(request: MemberRequest) -> HttpResponse:
    form = ServiceForm(request.POST or None, policy=TokenPolicy.load(), actor=request.user)
    if form.is_valid():
        ask_for_password(request, _("Create the service “%(name)s”") % {"name": form.cleaned_data["name"]})
        role, wishes = form.cleaned_data["role"], form.wishes()
        return made(request, *verbs.issue_service(actor=request.user, role=role, wishes=wishes))
    return render(request, "profiles/new_api_service.html", {"form": form})


def made(request: MemberRequest, token: Token, text: str) -> HttpResponse:
    """The only page that shows a token. After a double click, it shows the second token, which replaced the first."""
    response = render(request, "profiles/api_token_made.html", {"token": token, "text": text})
    add_never_cache_headers(response)
    return response


def renew_token(request: MemberRequest, pk: int) -> HttpResponse:
    token = revocable(request, pk)
    if not token.is_service and token.user_id != request.user.pk:
        raise PermissionDenied
    if request.method == "POST":
        ask_for_password(request, _("Give “%(name)s” a new API token") % {"name": token.name})
        return made(request, token, verbs.renew(actor=request.user, token=token))
    return render(request, "profiles/renew_api_token.html", {"token": token, "back": back_to(request, token)})


@once
def revoke_token(request: MemberRequest, pk: int) -> HttpResponse:
    token = revocable(request, pk)
    back = back_to(request, token)
    if request.method == "POST":
        verbs.revoke(actor=request.user, token=token)
        messages.success(request, _("“%(name)s” was revoked and no longer works.") % {"name": token.name})
        return redirect(back)
    return render(request, "profiles/revoke_api_token.html", {"token": token, "back": back})


def revocable(request: MemberRequest, pk: int) -> Token:
    """A token that the viewer may revoke. Raises Http404 for tokens that they may not see."""
    token = get_object_or_404(Token.objects.for_api().select_related("user"), pk=pk)
    if not revokes(request.user, token):
        raise PermissionDenied if manages_tokens(request.user) else Http404
    return token


def back_to(request: MemberRequest, token: Token) -> str:
    return "api_tokens" if token.user_id == request.user.pk else "api_settings"


@managers_only
def organisation(request: MemberRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, instance=TokenPolicy.load())
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings were saved."))
        return redirect("api_settings")
    page = keyset_page(Token.objects.for_api().in_use().order_by("-created", "-pk"), request.GET, PAGE)
    rows = [(token, revokes(request.user, token)) for token in page.rows]
    context = {"form": form, "page": page, "rows": rows, "revokes_all": revokes_all(request.user)}
    return render(request, "profiles/api_settings.html", context)


@once
def revoke_all(request: MemberRequest) -> HttpResponse:
    if not revokes_all(request.user):
        raise PermissionDenied
    if request.method == "POST":
        ask_for_password(request, _("Revoke all API tokens of the organisation"))
        number = verbs.revoke_all(actor=request.user)
        words = ngettext("%(n)s token was revoked.", "%(n)s tokens were revoked.", number)
        messages.success(request, words % {"n": number})
        return redirect("api_settings")
    return render(request, "profiles/revoke_all_api_tokens.html")
