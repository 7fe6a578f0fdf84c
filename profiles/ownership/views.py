"""The page where an owner offers the ownership, and the page where the other member accepts it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from profiles.ownership import changes
from profiles.ownership.forms import OfferForm
from profiles.ownership.models import DAYS, Offer
from profiles.ownership.rights import hands_over
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required
from tenants.once.doing import once


@once
def hand_over(request: MemberRequest) -> HttpResponse:
    """The form, or the offer that has not been answered yet."""
    if not hands_over(request.user):
        raise PermissionDenied
    form = OfferForm(request.POST or None, actor=request.user)
    if form.is_valid():
        member = form.cleaned_data["member"]
        ask_for_password(request, _("Offer the ownership to %(name)s") % {"name": member.name})
        try:
            changes.offer(actor=request.user, member=member)
        except ValidationError as refusal:  # The member has changed since the form's check.
            form.add_error("member", refusal)
        else:
            return redirect("hand_over")
    made = Offer.objects.open().select_related("taker").filter(giver=request.user).first()
    return render(request, "profiles/hand_over.html", {"form": form, "offer": made, "days": DAYS})


@require_POST
@once
def withdraw(request: MemberRequest) -> HttpResponse:
    if not hands_over(request.user):
        raise PermissionDenied
    changes.withdraw(actor=request.user)
    messages.success(request, _("You withdrew the offer. No role has changed."))
    return redirect("hand_over")


@once
def ownership_offer(request: MemberRequest, pk: int) -> HttpResponse:
    """The offer, for the member who got it; others get 404."""
    made = get_object_or_404(Offer.objects.open().select_related("giver"), giver=pk, taker=request.user)
    if request.method != "POST":
        return render(request, "profiles/ownership_offer.html", {"offer": made})
    ask_for_password(request, _("Become an owner of %(organisation)s") % {"organisation": required().name})
    try:
        changes.accept(actor=request.user, giver=pk)
    except Offer.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("You are an owner of %(organisation)s now.") % {"organisation": required().name})
    return redirect("home")


@require_POST
@once
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    try:
        changes.decline(actor=request.user, giver=pk)
    except Offer.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("You declined the offer. No role has changed."))
    return redirect("home")
