"""Webhooks on the pages, and by the API: made, tested, looked at, sent again, renewed, removed."""

import html
import json

import pytest

from profiles.testing import person
from profiles.testing.jobs import drop_jobs, run_jobs
from profiles.webhooks import changes
from profiles.webhooks.models import Delivery, Endpoint
from tenants.context import within
from tests.profiles.api.conftest import program, token_of  # noqa: F401  fixtures
from tests.profiles.webhooks.servers import say

NEW = "/settings/webhooks/new/"


def form(url: str, **more: str) -> dict[str, str]:
    return {"url": url, "events": "member.*", "description": "", "is_active": "on"} | more


def test_admin_sets_a_webhook_up_and_finds_out_why_it_fails(acme, receiver, url, as_user, admin):
    browser = as_user(admin).give_password()
    made = browser.post(NEW, form(url), follow=True)
    with within(acme):
        endpoint = Endpoint.objects.get()
        drop_jobs()
    base = f"/settings/webhooks/{endpoint.pk}/"
    assert made.redirect_chain[-1][0] == base
    receiver.answer = lambda handler: say(handler, 403, b"<script>Who are you?</script>")
    message = browser.post(f"{base}test/").url
    with within(acme):
        run_jobs()
    shown = browser.get(message).content.decode()
    assert "&lt;script&gt;Who are you?" in shown
    assert "The answer was an error." in shown
    assert "Failing" in browser.get("/settings/webhooks/").content.decode()
    assert "webhook.test" in browser.get(base).content.decode()
    with within(acme):
        Delivery.objects.update(outcome="failed")
    receiver.answer = lambda handler: say(handler, 200, b"Welcome")
    browser.post(f"{message}again/")
    with within(acme):
        run_jobs()
    assert "Welcome" in browser.get(message).content.decode()
    secret = browser.get(f"{base}secret/")
    assert "no-store" in secret["Cache-Control"]
    browser.post(f"{base}secret/renew/")
    renewed = browser.get(f"{base}secret/").content.decode()
    assert "former secret" in renewed
    browser.post(f"{base}edit/", form(url, description="Payroll", is_active=""))
    assert "Payroll" in browser.get("/settings/webhooks/").content.decode()
    browser.post(f"{base}remove/")
    with within(acme):
        assert not Endpoint.objects.exists()
        assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"url": "http://127.0.0.1:22/"}, "Only these ports may be used"),
        ({"url": "https://169.254.169.254/latest/meta-data/"}, "This address is not public."),
        ({"url": "https://me:secret@receiver.example/"}, "The address may not contain a username or password."),
        ({"events": "member.joind"}, "Do you mean “member.joined”?"),
        ({"events": "[a-z]*"}, "There is no event “[a-z]*”."),
        ({"events": " , "}, "This field is required."),
    ],
)
def test_form_says_what_is_wrong(receiver, url, as_user, admin, more, sentence):
    answer = as_user(admin).post(NEW, form(url) | more)
    assert answer.status_code == 200
    assert sentence in html.unescape(answer.content.decode())


def test_ten_webhooks_are_enough(acme, settings, url, receiver, as_user, admin):
    settings.WEBHOOKS_MOST = 1
    browser = as_user(admin).give_password()
    browser.post(NEW, form(url))
    assert "Remove one first." in browser.post(NEW, form(url)).content.decode()
    with within(acme):
        assert Endpoint.objects.count() == 1


def test_program_does_what_the_pages_do(acme, receiver, url, program, admin):  # noqa: F811
    used = program(admin)
    refused = used.call("POST", "/webhooks", {"url": "https://10.0.0.1/", "events": ["member.joind"]})
    assert {each["pointer"] for each in refused.told["errors"]} == {"#/url", "#/events"}
    made = used.call("POST", "/webhooks", {"url": url, "events": ["member.*", "member.*", "profile.changed"]})
    assert (made.status_code, made.told["events"]) == (201, ["member.*", "profile.changed"])
    path = made["Location"].removeprefix("/api/v1")
    with within(acme):
        drop_jobs()
    assert used.call("POST", f"{path}/test").status_code == 202
    with within(acme):
        run_jobs()
    (message,) = used.call("GET", f"{path}/messages").told["items"]
    assert (message["outcome"], message["status"], message["answer"]) == ("delivered", 200, "ok")
    assert receiver.got[0][0]["webhook-id"] == message["message"]
    assert json.loads(receiver.got[0][1])["data"]["webhook"]["url"] == url
    assert used.call("POST", f"{path}/messages/{message['id']}/redeliver").told["outcome"] == "waiting"
    assert used.call("POST", f"{path}/messages/{message['id']}/redeliver").status_code == 409
    secret = used.call("GET", f"{path}/secret").told["secret"]
    used.call("POST", f"{path}/rotate")
    renewed = used.call("GET", f"{path}/secret").told
    assert renewed["secret"].startswith("whsec_")
    assert (renewed["secret"] != secret, renewed["former_until"] is not None) == (True, True)
    assert used.call("PATCH", path, {"is_active": False}).told["is_active"] is False
    assert used.call("DELETE", path).status_code == 204
    assert used.call("GET", path).status_code == 404


def test_webhooks_of_neighbours_do_not_exist(globex, url, as_user, admin, stranger, program):  # noqa: F811
    """The number is one of a webhook at globex, whose owner has the primary key of acme's."""
    with within(globex):
        other = changes.make(actor=person(globex, "owner"), endpoint=Endpoint(url=url, events="*"))
        message = changes.test(actor=person(globex, "owner"), endpoint=other)
    browser = as_user(admin)
    for page in ("", "edit/", "secret/", "remove/", f"messages/{message.pk}/"):
        assert browser.get(f"/settings/webhooks/{other.pk}/{page}").status_code == 404
    assert program(admin).call("GET", f"/webhooks/{other.pk}/secret").status_code == 404
    assert url not in browser.get("/settings/webhooks/").content.decode()
    with within(globex):
        assert Endpoint.objects.count() == 1


def test_message_of_another_webhook_is_not_shown(acme, url, receiver, as_user, owner, admin):
    with within(acme):
        one, other = (changes.make(actor=owner, endpoint=Endpoint(url=url, events="*")) for _ in range(2))
        message = changes.test(actor=owner, endpoint=other)
    browser = as_user(admin)
    assert browser.get(f"/settings/webhooks/{other.pk}/messages/{message.pk}/").status_code == 200
    assert browser.get(f"/settings/webhooks/{one.pk}/messages/{message.pk}/").status_code == 404
