"""Webhooks by the API: endpoints, and the log of their messages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Query, Router

from profiles.access import managers_only
from profiles.api.answers import Paged, Sparse, nothing, one, page, page_of, unless_changed
from profiles.api.problems import Refused, form_refused, state_refused
from profiles.api.requests import ApiRequest
from profiles.api.scoped import needs
from profiles.api.scopes import resource
from profiles.webhooks import changes as verbs
from profiles.webhooks import signing
from profiles.webhooks.forms import EndpointForm
from profiles.webhooks.models import Endpoint
from profiles.webhooks.shown import Message, NewWebhook, Secret, Webhook, WebhookChange, message_shown, shown
from profiles.webhooks.views import delivery_of, endpoint_of
from shared.encryption import UnreadableSecret

router = Router(tags=["Webhooks"])
resource("webhooks", gettext_lazy("Webhooks"))
READ, WRITE = "webhooks:read", "webhooks:write"


def form_of(values: dict[str, Any], instance: Endpoint | None = None) -> EndpointForm:
    """The page's form, bound to these values. Raises Refused."""
    form = EndpointForm(values | {"events": " ".join(values["events"])}, instance=instance)
    if not form.is_valid():
        raise form_refused(form)
    return form


@router.get("/webhooks", **needs(READ), response=page_of(Webhook), url_name="webhooks")
@managers_only
def list_webhooks(request: ApiRequest, asked: Query[Paged]) -> HttpResponse:
    """All webhooks, the oldest first."""
    return page(request, Endpoint.objects.oldest_first(), asked, Webhook, shown)


@router.post("/webhooks", **needs(WRITE), response={201: Webhook}, url_name="webhooks")
@managers_only
def make_webhook(request: ApiRequest, new: NewWebhook) -> HttpResponse:
    """Have events sent to an address. Then read its secret."""
    form = form_of(new.model_dump())
    try:
        endpoint = verbs.make(actor=request.user, endpoint=form.save(commit=False))
    except ValidationError as error:
        raise state_refused(error) from error
    response = one(request, shown(endpoint), status=201)
    response["Location"] = reverse("api-v1:webhook", args=[endpoint.pk])
    return response


@router.get("/webhooks/{int:id}", **needs(READ), response=Webhook, url_name="webhook")
@managers_only
def get_webhook(request: ApiRequest, id: int, asked: Query[Sparse]) -> HttpResponse:  # noqa: A002  the name in the address
    """One webhook."""
    return one(request, shown(endpoint_of(id)), fields=asked.names(Webhook))


@router.patch("/webhooks/{int:id}", **needs(WRITE, versioned=True), response=Webhook, url_name="webhook")
@managers_only
def change_webhook(request: ApiRequest, id: int, change: WebhookChange) -> HttpResponse:  # noqa: A002
    """Change what is sent, and leave the rest."""
    endpoint = endpoint_of(id)
    with unless_changed(request, request.user, lambda: shown(endpoint_of(id))):
        present = shown(endpoint).model_dump(include={"url", "events", "description", "is_active"})
        form = form_of(present | change.model_dump(exclude_unset=True), endpoint)
        verbs.change(actor=request.user, endpoint=form.save(commit=False))
    return one(request, shown(endpoint_of(id)))


@router.delete("/webhooks/{int:id}", **needs(WRITE), response={204: None}, url_name="webhook")
@managers_only
def remove_webhook(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """Remove it, with its log. Pending messages are not sent any more."""
    verbs.remove(actor=request.user, endpoint=endpoint_of(id))
    return nothing()


@router.get("/webhooks/{int:id}/secret", **needs(WRITE), response=Secret, url_name="webhook_secret")
@managers_only
def get_webhook_secret(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """What its messages are signed with. It takes a token that may change webhooks."""
    return secret_of(request, endpoint_of(id))


@router.post("/webhooks/{int:id}/rotate", **needs(WRITE), response=Webhook, url_name="rotate_webhook")
@managers_only
def rotate_webhook(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """Give it a new secret. For 24 hours messages are signed with both."""
    verbs.rotate(actor=request.user, endpoint=endpoint_of(id))
    return one(request, shown(endpoint_of(id)))


@router.post("/webhooks/{int:id}/test", **needs(WRITE), response={202: Message}, url_name="test_webhook")
@managers_only
def test_webhook(request: ApiRequest, id: int) -> HttpResponse:  # noqa: A002
    """Send it a message of the event `webhook.test`."""
    return one(request, message_shown(verbs.test(actor=request.user, endpoint=endpoint_of(id))), status=202)


@router.get("/webhooks/{int:id}/messages", **needs(READ), response=page_of(Message), url_name="webhook_messages")
@managers_only
def list_webhook_messages(request: ApiRequest, id: int, asked: Query[Paged]) -> HttpResponse:  # noqa: A002
    """Its messages of the last 30 days, the newest first."""
    whole = endpoint_of(id).deliveries.newest_first().defer("body")
    return page(request, whole, asked, Message, message_shown)


@router.post(
    "/webhooks/{int:id}/messages/{int:message}/redeliver",
    **needs(WRITE),
    response={202: Message},
    url_name="redeliver_webhook_message",
)
@managers_only
def redeliver_webhook_message(request: ApiRequest, id: int, message: int) -> HttpResponse:  # noqa: A002
    """Send a message again, with the same content and `webhook-id`. 409 if it is still being sent."""
    try:
        verbs.redeliver(actor=request.user, delivery=delivery_of(id, message))
    except ValidationError as error:
        raise state_refused(error) from error
    return one(request, message_shown(delivery_of(id, message)), status=202)


def secret_of(request: ApiRequest, endpoint: Endpoint) -> HttpResponse:
    try:
        return one(request, Secret(secret=signing.read(endpoint.secret), former_until=endpoint.former_until))
    except UnreadableSecret:
        raise Refused(409, _("The signing secret cannot be read. Renew it."), code="secret") from None
