"""Pages to send and revoke invitations, and the page that the invited person sees."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from profiles.access import managers_only
from profiles.gone import gone
from profiles.invitations import changes as verbs
from profiles.invitations.forms import AcceptForm, InvitationForm
from profiles.models import HandOff, Invitation, User
from profiles.people.lists import back_to, open_invitations
from profiles.requests import MemberRequest
from profiles.roles import Role, grants
from profiles.seats import NO_SEAT
from profiles.sign_in import sessions, time_zone
from shared.keyset import keyset_page
from tenants.context import required
from tenants.limits.forms import refusal_of
from tenants.once.doing import once

PAGE = 50
# The text on the page that asks for the password.
WORDS = {
    verbs.resend: gettext_lazy("Send %(email)s the invitation as an owner again"),
    verbs.revoke: gettext_lazy("Revoke the invitation of %(email)s as an owner"),
}
no_longer_open = gone(
    gettext_lazy("This invitation is no longer open."), back_to=partial(back_to, default="invitations")
)


@require_safe
@managers_only
def invitations(request: MemberRequest) -> HttpResponse:
    """The list of open invitations."""
    page = keyset_page(Invitation.objects.open().select_related("invited_by"), request.GET, PAGE)
    rows = [(invitation, grants(request.user, invitation.role)) for invitation in page.rows]
    return render(request, "profiles/invitations.html", {"page": page, "rows": rows, "invited": open_invitations()})


@managers_only
@once
def invite(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, actor=request.user)
    if form.is_valid() and invited(request, form):
        return redirect("invitations")
    return render(request, "profiles/invite.html", {"form": form})


def invited(request: MemberRequest, form: InvitationForm) -> bool:
    if form.cleaned_data["role"] == Role.OWNER:
        words = _("Invite %(email)s as an owner") % {"email": form.cleaned_data["email"]}
        sessions.ask_for_password(request, words)
    if refusal := refusal_of(request, "invite", account=str(request.user.pk)):
        form.add_error(None, refusal)
        return False
    try:
        verbs.invite(actor=request.user, **form.cleaned_data)
    except ValidationError as refusal:  # Another member has invited them since the form's check.
        form.add_error(None if getattr(refusal, "code", "") == NO_SEAT else "email", refusal)
        return False
    messages.success(request, _("You invited %(email)s.") % {"email": form.cleaned_data["email"]})
    return True


@require_POST
@managers_only
@no_longer_open
@once
def resend(request: MemberRequest, pk: int) -> HttpResponse:
    if refusal := refusal_of(request, "invite", account=str(request.user.pk)):
        messages.error(request, refusal.message)
        return HttpResponseRedirect(back_to(request, "invitations"))
    return act(request, verbs.resend, _("We sent %(email)s a new email. The earlier link no longer works."), pk)


@require_POST
@managers_only
@no_longer_open
@once
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    return act(request, verbs.revoke, _("You revoked the invitation of %(email)s."), pk)


def act(request: MemberRequest, verb: Callable[..., None], done: str, pk: int) -> HttpResponse:
    """Let the viewer change an open invitation, show a message, and go back. Invitations of owners ask for the
    password.
    """
    invitation = get_object_or_404(Invitation.objects.open(), pk=pk)
    if invitation.role == Role.OWNER and grants(request.user, invitation.role):
        sessions.ask_for_password(request, WORDS[verb] % {"email": invitation.email})
    try:
        verb(actor=request.user, invitation=invitation)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except Invitation.DoesNotExist:  # It was accepted or revoked since the check.
        raise Http404 from None
    else:
        messages.success(request, done % {"email": invitation.email})
    return HttpResponseRedirect(back_to(request, "invitations"))


@login_not_required
@once
def accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = Invitation.objects.by_token(token).select_related("invited_by").first()
    if invitation is None and is_own(request, token):
        messages.info(request, _("You have accepted this invitation already."))
        return redirect("home")
    if invitation is None:
        return dead(request)
    if request.user.is_authenticated:
        return render(request, "profiles/invitation_signed_in.html", {"invitation": invitation})
    form = AcceptForm(request.POST or None, invitation=invitation)
    try:
        if form.is_valid() and (member := joined(request, form, token)):
            return at_home(member)
    except Invitation.DoesNotExist:  # Another request was faster.
        return dead(request)
    return render(request, "profiles/accept_invitation.html", {"invitation": invitation, "form": form})


def is_own(request: HttpRequest, token: str) -> bool:
    """Whether the viewer joined with this link."""
    if not request.user.is_authenticated:
        return False
    accepted = Invitation.objects.of_link(token).filter(accepted__isnull=False)
    return accepted.filter(email=request.user.email).exists()


def joined(request: HttpRequest, form: AcceptForm, token: str) -> User | None:
    if refusal := refusal_of(request, "join", account=form.cleaned_data["email"]):
        form.add_error(None, refusal)
        return None
    typed = {name: form.cleaned_data[name] for name in ("name", "username", "password")}
    try:
        member = verbs.accept(token=token, **typed)
    except ValidationError as refusal:  # Another person has taken the name or address since the form's check.
        form.add_error(None, refusal)
        return None
    time_zone.note(request, member)
    sessions.begin(request, member)
    sentence = _("Welcome to %(organisation)s. Your profile is ready for you to fill in.")
    messages.success(request, sentence % {"organisation": required().name})
    return member


def at_home(member: User) -> HttpResponse:
    """Redirect to the new member's first page. A second click has no session yet, so the redirect signs it in."""
    response = redirect("home")
    response.again = HandOff.objects.create(user=member).path  # type: ignore[attr-defined]
    return response


def dead(request: HttpRequest) -> HttpResponse:
    """The page for every invalid link: expired, revoked, used, replaced, another organisation's or made up."""
    return render(request, "profiles/invitation_dead.html", {"days": settings.INVITATION_DAYS}, status=410)
