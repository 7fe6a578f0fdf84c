"""Stories of ways to sign in, as those of test_entries.py. Apps that can be taken out are imported in them."""

import re
from typing import Any

from django.core import mail

from profiles.testing import SiteClient
from profiles.testing.jobs import run_jobs
from tenants.context import within
from tests.profiles.audit.ways_in import Story


def require_factor(scene: Any) -> None:
    from allauth.mfa.models import Authenticator

    with within(scene.acme):
        Authenticator.objects.create(user=scene.person("owner"), type="totp", data={"secret": "x"})
    scene.browser("owner").post("/settings/two-factor/", {"scope": "all", "grace_days": "7"})


def add_passkey(scene: Any) -> SiteClient:
    from profiles.passkeys.testing.keys import Key

    browser = scene.browser("reader")
    options = browser.get("/account/passkeys/add/").context["options"]["publicKey"]
    credential = Key(scene.acme.url("")).create(options)
    browser.post("/account/passkeys/add/", {"name": "Phone", "credential": credential})
    return browser


def with_passkey(action: str, **data: str) -> Story:
    def act(scene: Any) -> None:
        browser = add_passkey(scene)
        path = re.findall(rf'"(/account/passkeys/\d+/{action}/)"', browser.get("/account/passkeys/").text)[0]
        browser.post(path, data)

    return act


def use_mail_code(scene: Any) -> None:
    browser = SiteClient(scene.acme)
    browser.post("/account/code/", {"email": "reader@acme.example"})
    run_jobs()
    code = re.search(r"^\w{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    browser.post("/account/code/confirm/", {"code": code.group() if code else ""})


RITA = ("Rita Reader", "Rita Reader")
SIGNING_IN: dict[str, tuple[Story, str, str, dict[str, Any]]] = {
    "required_factor.changed": (
        require_factor,
        *("Olga Owner", "Acme", {"scope": ["", "all"], "grace_days": [0, 7]}),
    ),
    "passkey.added": (add_passkey, *RITA, {"name": ["", "Phone"]}),
    "passkey.renamed": (with_passkey("edit", name="Key"), *RITA, {"name": ["Phone", "Key"]}),
    "passkey.removed": (with_passkey("remove"), *RITA, {"name": ["Phone", ""]}),
    "mail_code.used": (use_mail_code, *RITA, {}),
    "username.changed": (
        lambda scene: scene.browser("reader").post("/account/username/", {"username": "rita"}),
        *RITA,
        {"username": ["reader", "rita"]},
    ),
}
