"""Pages of webhooks, for owners and admins: the list, one with its log, its form, its secret, and a message."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from profiles.access import managers_only
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from profiles.webhooks import changes as verbs
from profiles.webhooks import signing
from profiles.webhooks.forms import EndpointForm, families
from profiles.webhooks.models import Delivery, Endpoint
from profiles.webhooks.words import error_in_words
from shared.encryption import UnreadableSecret
from shared.keyset import keyset_page
from tenants.once.doing import once

PAGE = 30


def endpoint_of(pk: int) -> Endpoint:
    """Raises Http404."""
    return get_object_or_404(Endpoint, pk=pk)


def delivery_of(pk: int, number: int) -> Delivery:
    """Raises Http404, also for a message to another endpoint."""
    return get_object_or_404(Delivery.objects.select_related("endpoint"), pk=number, endpoint=pk)


@require_safe
@managers_only
def webhooks(request: MemberRequest) -> HttpResponse:
    return render(request, "profiles/webhooks.html", {"webhooks": Endpoint.objects.oldest_first()})


@managers_only
@once
def new_webhook(request: MemberRequest) -> HttpResponse:
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        ask_for_password(request, _("Send events to %(url)s") % {"url": form.cleaned_data["url"]})
        try:
            endpoint = verbs.make(actor=request.user, endpoint=form.save(commit=False))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The webhook was created. Its receiver needs the signing secret."))
            return redirect("webhook", endpoint.pk)
    return render(request, "profiles/edit_webhook.html", {"form": form, "families": families()})


@require_safe
@managers_only
def webhook(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_of(pk)
    page = keyset_page(endpoint.deliveries.newest_first().defer("body"), request.GET, PAGE)
    return render(request, "profiles/webhook.html", {"webhook": endpoint, "page": page, "rows": page.rows})


@managers_only
@once
def edit_webhook(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_of(pk)
    form = EndpointForm(request.POST or None, instance=endpoint)
    if form.is_valid():
        # Switching it off needs no password, so that harm can be stopped quickly.
        if form.cleaned_data["is_active"] and {"url", "events", "is_active"} & {*form.changed_data}:
            ask_for_password(request, _("Send events to %(url)s") % {"url": form.cleaned_data["url"]})
        verbs.change(actor=request.user, endpoint=form.save(commit=False))
        messages.success(request, _("The webhook was saved."))
        return redirect("webhook", pk)
    context = {"form": form, "webhook": Endpoint.objects.get(pk=pk), "families": families()}
    return render(request, "profiles/edit_webhook.html", context)


@require_safe
@managers_only
def webhook_secret(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_of(pk)
    ask_for_password(request, _("Show the signing secret"))
    try:
        secret = signing.read(endpoint.secret)
    except UnreadableSecret:
        secret = ""
    response = render(request, "profiles/webhook_secret.html", {"webhook": endpoint, "secret": secret})
    add_never_cache_headers(response)
    return response


@require_POST
@managers_only
@once
def rotate_webhook(request: MemberRequest, pk: int) -> HttpResponse:
    verbs.rotate(actor=request.user, endpoint=endpoint_of(pk))
    messages.success(request, _("There is a new secret. For 24 hours messages are signed with both."))
    return redirect("webhook_secret", pk)


@managers_only
@once
def remove_webhook(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_of(pk)
    if request.method == "POST":
        verbs.remove(actor=request.user, endpoint=endpoint)
        messages.success(request, _("The webhook was removed."))
        return redirect("webhooks")
    return render(request, "profiles/remove_webhook.html", {"webhook": endpoint})


@require_POST
@managers_only
@once
def test_webhook(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = verbs.test(actor=request.user, endpoint=endpoint_of(pk))
    messages.success(request, _("A test is being sent. Reload this page to see the answer."))
    return redirect("webhook_message", pk, delivery.pk)


@require_safe
@managers_only
def webhook_message(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    delivery = delivery_of(pk, number)
    body = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
    error = error_in_words(delivery.error)
    context = {"delivery": delivery, "webhook": delivery.endpoint, "error": error, "body": body}
    return render(request, "profiles/webhook_message.html", context)


@require_POST
@managers_only
@once
def redeliver(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    try:
        verbs.redeliver(actor=request.user, delivery=delivery_of(pk, number))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The message is being sent again. Reload this page to see the answer."))
    return redirect("webhook_message", pk, number)
