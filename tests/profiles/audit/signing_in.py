"""Stories of ways to sign in, as those of test_kinds.py. Apps that can be taken out are imported in them."""

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import override_settings

from profiles.testing import SiteClient
from profiles.testing.jobs import run_jobs
from tenants.context import within
from tests.profiles.audit.scene import Scene, Story, Told


def require_factor(scene: Scene) -> None:
    from allauth.mfa.models import Authenticator

    with within(scene.acme):
        Authenticator.objects.create(user=scene.person("owner"), type="totp", data={"secret": "x"})
    scene.browser("owner").post("/settings/two-factor/", {"scope": "all", "grace_days": "7"})


def add_passkey(scene: Scene) -> SiteClient:
    from profiles.passkeys.testing.keys import Key

    browser = scene.browser("reader")
    options = browser.get("/account/passkeys/add/").context["options"]["publicKey"]
    credential = Key(scene.acme.url("")).create(options)
    browser.post("/account/passkeys/add/", {"name": "Phone", "credential": credential})
    return browser


def with_passkey(action: str, **data: str) -> Story:
    def act(scene: Scene) -> None:
        browser = add_passkey(scene)
        path = re.findall(rf'"(/account/passkeys/\d+/{action}/)"', browser.get("/account/passkeys/").text)[0]
        browser.post(path, data)

    return act


def use_mail_code(scene: Scene) -> None:
    browser = SiteClient(scene.acme)
    browser.post("/account/code/", {"email": "reader@acme.example"})
    run_jobs()
    code = re.search(r"^\w{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    browser.post("/account/code/confirm/", {"code": code.group() if code else ""})


ON = "/settings/single-sign-on/"
RENAMED = {
    "name": "Our Okta",
    "client_id": "tenantry",
    "secret": "another secret of it",
    "scopes": "openid email",
    "role": "reader",
    "groups_claim": "groups",
    "trusts_addresses": "on",
}


def with_provider(act: Callable[[Scene, SiteClient, Any], Any]) -> Story:
    """The owner has set it up and tested it, and has switched it on."""

    def story(scene: Scene) -> None:
        from tests.profiles.oidc.idp import PERSON, Idp, address
        from tests.profiles.oidc.provider import CLIENT, SECRET
        from tests.profiles.own_sign_in.there import CALLBACK, allowed

        with allowed():
            idp, owner = Idp(address(), [scene.acme.url(CALLBACK)]), scene.browser("owner")
            new = {
                "name": "Okta",
                "issuer": idp.address,
                "client_id": CLIENT,
                "secret": SECRET,
                "scopes": "openid email",
            }
            owner.post(
                f"{ON}edit/",
                {**RENAMED, **new},
            )
            idp.says(person=PERSON | {"sub": "owner"})
            idp.sign_in(owner, f"{ON}test/")
            owner.post(ON, {"state": "on"})
            idp.says()
            act(scene, owner, idp)

    return story


def sign_in_there(scene: Scene, _owner: SiteClient, idp: Any) -> None:
    idp.sign_in(SiteClient(scene.acme))


def with_account(act: Callable[[Scene, SiteClient, Any], Any]) -> Story:
    """Rita has linked an account at a provider of the whole product."""

    def story(scene: Scene) -> None:
        from tests.profiles.oidc.idp import Idp, address
        from tests.profiles.oidc.provider import CLIENT, SECRET
        from tests.profiles.providers.ways import back

        ours = {"client_id": CLIENT, "secret": SECRET, "url": address(), "label": "Keycloak"}
        with override_settings(PROVIDERS={"oidc": ours}):
            idp, reader = Idp(address(), ["http://localhost:8000/providers/oidc/callback/"]), scene.browser("reader")
            reader.get(back(idp, reader, "/account/providers/oidc/link/"))
            reader.post("/account/providers/confirm/")
            act(scene, reader, idp)

    return story


def use_account(scene: Scene, _reader: SiteClient, idp: Any) -> None:
    from tests.profiles.providers.ways import sign_in

    sign_in(idp, SiteClient(scene.acme), "oidc")


RITA = ("Rita Reader", "Rita Reader")
SIGNING_IN: dict[str, Told] = {
    "required_factor.changed": (
        require_factor,
        *("Olga Owner", "Acme", {"scope": ["", "all"], "grace_days": [0, 7]}),
    ),
    "passkey.added": (add_passkey, *RITA, {"name": ["", "Phone"]}),
    "passkey.renamed": (with_passkey("edit", name="Key"), *RITA, {"name": ["Phone", "Key"]}),
    "passkey.removed": (with_passkey("remove"), *RITA, {"name": ["Phone", ""]}),
    "mail_code.used": (use_mail_code, *RITA, {}),
    "own_sign_in.changed": (
        with_provider(lambda _scene, owner, idp: owner.post(f"{ON}edit/", {**RENAMED, "issuer": idp.address})),
        *("Olga Owner", "Acme", {"name": ["Okta", "Our Okta"], "secret": None}),
    ),
    "own_sign_in.tested": (with_provider(lambda *_all: None), "Olga Owner", "Acme", {}),
    "own_sign_in.switched": (with_provider(lambda *_all: None), "Olga Owner", "Acme", {"state": ["tested", "on"]}),
    "own_sign_in.connected": (with_provider(sign_in_there), *RITA, {}),
    "own_sign_in.used": (with_provider(sign_in_there), *RITA, {}),
    "own_sign_in.removed": (
        with_provider(lambda _scene, owner, _idp: owner.post(f"{ON}remove/")),
        *("Olga Owner", "Acme", {}),
    ),
    "provider.linked": (with_account(lambda *_all: None), *RITA, {"provider": ["", "Keycloak"]}),
    "provider.used": (with_account(use_account), *RITA, {"provider": ["", "Keycloak"]}),
    "provider.unlinked": (
        with_account(lambda _scene, reader, _idp: reader.post("/account/providers/oidc/unlink/")),
        *RITA,
        {"provider": ["Keycloak", ""]},
    ),
    "username.changed": (
        lambda scene: scene.browser("reader").post("/account/username/", {"username": "rita"}),
        *RITA,
        {"username": ["reader", "rita"]},
    ),
}
