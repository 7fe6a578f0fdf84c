"""Stories of programs that act for members, or hear what happens: tokens, assistants and webhooks."""

import re
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.audit.scene import Scene, Story, Told, newest, post

RECEIVER = "https://receiver.example/"


def with_token(action: str) -> Story:
    def act(scene: Scene) -> None:
        client = scene.browser("reader")
        client.post("/account/api/new/", {"name": "Script", "scopes": "read", "expires": "30"})
        key = newest(scene.acme, "token.made").about[0]["id"]
        client.post(f"/account/api/{key}/{action}/")

    return act


def use_tool(scene: Scene) -> None:
    """By an assistant with a token of the reader's."""
    page = scene.browser("reader").post("/account/api/new/", {"name": "Script", "scopes": "read", "expires": "30"})
    token = re.findall(r"tnt_\w{44}", page.content.decode())[0]
    params = {"name": "get_person", "arguments": {"username": "owner"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    program = SiteClient(scene.acme, HTTP_AUTHORIZATION=f"Bearer {token}")
    program.post("/mcp/", message, content_type="application/json")


def with_webhook(action: str, **fields: str) -> Story:
    """Something is done with a webhook that exists; `` is to make one."""

    def act(scene: Scene) -> None:
        client, address = scene.browser("admin"), {"url": "https://receiver.example/", "events": "member.joined"}
        client.post("/settings/webhooks/new/", address | {"is_active": "on"})
        if action:
            key = newest(scene.acme, "webhook.made").about[0]["id"]
            client.post(f"/settings/webhooks/{key}/{action}/", address | fields)

    return act


def switch_webhook_off(scene: Scene) -> None:
    with_webhook("")(scene)
    off = "profiles.webhooks.telling.switch_off"
    model: Any = apps.get_model("webhooks", "Endpoint")
    with within(scene.acme):
        import_string(off)(model.objects.get())


def send_webhook_message_again(scene: Scene) -> None:
    with_webhook("test")(scene)
    model: Any = apps.get_model("webhooks", "Delivery")
    with within(scene.acme):
        model.objects.update(outcome="failed")
        message = model.objects.get()
    scene.browser("admin").post(f"/settings/webhooks/{message.endpoint_id}/messages/{message.pk}/again/")


PROGRAMS: dict[str, Told] = {
    "organisation.exported": (post("owner", "/settings/export/"), "Olga Owner", "Acme", {}),
    "token.made": (
        post("reader", "/account/api/new/", name="Script", scopes="read", expires="30"),
        *("Rita Reader", "Script", {"scope": ["", "read"]}),
    ),
    "token.renewed": (with_token("renew"), "Rita Reader", "Script", {}),
    "token.revoked": (with_token("revoke"), "Rita Reader", "Script", {}),
    "token.policy_changed": (
        post("admin", "/settings/api/", members_make_tokens="on", may_never_expire="on"),
        *("Adam Admin", "", {"may_never_expire": [False, True]}),
    ),
    "assistant.called": (use_tool, "Rita Reader", "Rita Reader", {"tool": ["", "get_person"]}),
    "webhook.made": (
        with_webhook(""),
        *(*("Adam Admin", RECEIVER), {"url": ["", RECEIVER], "events": ["", "member.joined"]}),
    ),
    "webhook.changed": (
        with_webhook("edit", description="Payroll", is_active="on"),
        *("Adam Admin", "Payroll", {"description": ["", "Payroll"]}),
    ),
    "webhook.removed": (with_webhook("remove"), "Adam Admin", RECEIVER, {}),
    "webhook.rotated": (with_webhook("secret/renew"), "Adam Admin", RECEIVER, {"secret": None}),
    "webhook.tested": (with_webhook("test"), "Adam Admin", RECEIVER, {}),
    "webhook.redelivered": (send_webhook_message_again, "Adam Admin", RECEIVER, {}),
    "webhook.switched_off": (switch_webhook_off, "", RECEIVER, {"is_active": [True, False]}),
}
