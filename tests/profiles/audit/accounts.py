"""Stories of a member's own account: address, password, sessions and second factor."""

import re

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps

from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.audit.scene import TWICE, Scene, Told, post
from tests.profiles.two_factor.codes import SECRET, code_of


def sign_in(scene: Scene) -> SiteClient:
    client = SiteClient(scene.acme)
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    return client


def confirm_email(scene: Scene) -> None:
    with within(scene.acme):
        address = EmailAddress.objects.create(user=scene.person("reader"), email="rita@new.example")
        confirmation = EmailConfirmation.create(address)
        confirmation.sent = address.user.date_joined
        confirmation.save()
    SiteClient(scene.acme).post(f"/account/confirm-email/{confirmation.key}/")


def reset_password(scene: Scene) -> None:
    with within(scene.acme):
        reader = scene.person("reader")
        key = f"{user_pk_to_url_str(reader)}-{default_token_generator.make_token(reader)}"
    client = SiteClient(scene.acme)
    form = client.get(f"/account/password/reset/key/{key}/")["Location"]
    client.post(form, TWICE)


def sign_others_out(scene: Scene) -> None:
    sign_in(scene)
    sign_in(scene).post("/account/sessions/")


def protected(scene: Scene) -> SiteClient:
    """The reader's browser, with a second factor."""
    with within(scene.acme):
        apps.get_model("mfa", "Authenticator").objects.create(
            user=scene.person("reader"), type="totp", data={"secret": SECRET}
        )
    return scene.browser("reader")


def wrong_password(scene: Scene) -> None:
    SiteClient(scene.acme).post("/account/login/", {"login": "READER@acme.example", "password": "a wrong one"})


def wrong_code(scene: Scene) -> None:
    protected(scene)
    client = SiteClient(scene.acme)
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": "000000"})


def reset_second_factor(scene: Scene) -> None:
    protected(scene)
    scene.browser("admin").post("/members/reader/two-factor/reset/")


def turn_on(scene: Scene) -> None:
    with within(scene.acme):
        EmailAddress.objects.create(
            user=scene.person("reader"), email="reader@acme.example", primary=True, verified=True
        )
    client, path = scene.browser("reader"), "/account/2fa/totp/activate/"
    secret = re.findall(r"\b[A-Z2-7]{32}\b", client.get(path).content.decode())[0]
    client.post(path, {"code": code_of(secret)})


ACCOUNTS: dict[str, Told] = {
    "email.requested": (
        post("reader", "/account/email/", action_add="", email="rita@new.example"),
        *("Rita Reader", "Rita Reader", {"email": ["reader@acme.example", "rita@new.example"]}),
    ),
    "email.changed": (
        confirm_email,
        *("Rita Reader", "Rita Reader", {"email": ["reader@acme.example", "rita@new.example"]}),
    ),
    "password.changed": (
        post("reader", "/account/password/change/", oldpassword=PASSWORD, **TWICE),
        *("Rita Reader", "Rita Reader", {}),
    ),
    "session.started": (sign_in, "Rita Reader", "Rita Reader", {}),
    "session.refused": (wrong_password, "", "Rita Reader", {}),
    "session.ended": (post("reader", "/account/logout/"), "Rita Reader", "Rita Reader", {}),
    "session.others_ended": (sign_others_out, "Rita Reader", "Rita Reader", {}),
    "two_factor.turned_on": (turn_on, "Rita Reader", "Rita Reader", {}),
    "two_factor.turned_off": (
        lambda scene: protected(scene).post("/account/2fa/totp/deactivate/"),
        *("Rita Reader", "Rita Reader", {}),
    ),
    "two_factor.refused": (wrong_code, "", "Rita Reader", {}),
    "two_factor.reset": (reset_second_factor, "Adam Admin", "Rita Reader", {}),
    "two_factor.codes_made": (
        lambda scene: protected(scene).post("/account/2fa/recovery-codes/generate/"),
        *("Rita Reader", "Rita Reader", {}),
    ),
}
