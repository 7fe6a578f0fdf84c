"""Pages for people who want to join: by the link, or by a request."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from profiles.joining import asking, links
from profiles.joining.forms import AskForm, ByLinkForm
from profiles.joining.models import Joining
from tenants.limits.forms import refusal_of
from tenants.once.doing import once


@login_not_required
@once
def join_by_link(request: HttpRequest, token: str) -> HttpResponse:
    joining = Joining.load()
    if not joining.opens(token):
        return render(request, "profiles/join_link_dead.html", {"takes_requests": joining.takes_requests}, status=410)
    if request.user.is_authenticated:
        return redirect("home")
    form = ByLinkForm(request.POST or None)
    if done(request, form, lambda **typed: links.ask_by_link(token=token, **typed)):
        return redirect("join_sent")
    return render(request, "profiles/join_by_link.html", {"form": form, "joining": joining})


@login_not_required
@once
def ask_to_join(request: HttpRequest) -> HttpResponse:
    if not Joining.load().takes_requests:
        raise Http404
    if request.user.is_authenticated:
        return redirect("home")
    form = AskForm(request.POST or None)
    if done(request, form, asking.ask_to_join):
        return redirect(f"{reverse('join_sent')}?request=1")
    return render(request, "profiles/ask_to_join.html", {"form": form})


def done(request: HttpRequest, form: forms.Form, verb: Callable[..., None]) -> bool:
    """Call the verb. False, with the errors on the form, if the data is invalid or a limit is hit."""
    if not form.is_valid():
        return False
    if refusal := refusal_of(request, "join", account=form.cleaned_data["email"]):
        form.add_error(None, refusal)
        return False
    try:
        verb(**form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    except Joining.DoesNotExist:  # It has been switched off since the page was loaded.
        raise Http404 from None
    return True


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for each address, known or not."""
    return render(request, "profiles/join_sent.html", {"is_request": "request" in request.GET})
