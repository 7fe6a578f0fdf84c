"""An owner sets single sign-on up, tests it, switches it on, requires it, and removes it."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from profiles.own_sign_in import changes
from profiles.own_sign_in.models import Identity, Provider, State
from profiles.own_sign_in.reencryption import reencrypt_all
from profiles.testing import SiteClient
from shared.encryption import current_prefix, decrypt
from tenants.context import within
from tests.profiles.oidc.provider import CLIENT, SECRET
from tests.profiles.two_factor.codes import SECRET as SEED

PAGE, EDIT, TEST = "/settings/single-sign-on/", "/settings/single-sign-on/edit/", "/settings/single-sign-on/test/"


@pytest.fixture
def values(idp):
    common = {"name": "Okta", "issuer": idp.address, "client_id": CLIENT, "secret": SECRET}
    return common | {"scopes": "email openid profile", "role": "editor", "groups_claim": "groups"}


@pytest.fixture
def own(as_user, owner):
    return as_user(owner).give_password()


def state_of(tenant):
    with within(tenant):
        return Provider.objects.values_list("state", flat=True).get()


def test_owner_sets_it_up_tests_it_and_requires_it(acme, globex, owner, own, idp, values):
    from allauth.mfa.models import Authenticator

    assert "No provider yet" in own.get(PAGE).text
    assert own.post(EDIT, values).url == PAGE
    with within(acme):
        provider = Provider.objects.get()
        assert decrypt(provider.secret) == SECRET
        assert SECRET not in provider.secret
        assert provider.scopes == "openid email profile"
    assert "Test it before you switch it on." in own.get(PAGE).text
    assert "Test the sign-in first." in own.post(PAGE, {"state": "on"}).text
    assert state_of(acme) == State.DRAFT

    idp.says(person={"sub": "owner-there", "email": "\ud800"})
    assert "the provider says that you are owner-there" in idp.sign_in(own, TEST).text
    idp.says(person={"sub": "owner-there", "email": "olga@elsewhere.example"})
    assert "the provider says that you are olga@elsewhere.example" in idp.sign_in(own, TEST).text
    assert state_of(acme) == State.TESTED
    with within(acme):
        assert list(Identity.objects.values_list("member", "subject")) == [(owner.pk, "owner-there")]
    assert "Sign in with Okta" not in SiteClient(acme).get("/account/login/").text
    assert own.post(PAGE, {"state": "on"}).url == PAGE
    assert "Sign in with Okta" in SiteClient(acme).get("/account/login/?next=/people/").text
    assert "Set up a second factor of your own first" in own.post(PAGE, {"state": "required"}).text
    with within(acme):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": SEED})
    own.post(PAGE, {"state": "required"})
    assert state_of(acme) == State.REQUIRED
    with within(globex):
        assert not Provider.objects.exists()

    own.post(EDIT, values | {"name": "Our Okta", "secret": ""})
    assert state_of(acme) == State.REQUIRED, "Its name is not what was tested."
    with within(acme):
        assert decrypt(Provider.objects.get().secret) == SECRET
    assert SECRET not in own.get(EDIT).text
    own.post(EDIT, values | {"client_id": "other", "secret": ""})
    assert state_of(acme) == State.DRAFT
    own.post(f"{PAGE}remove/")
    with within(acme):
        assert not Provider.objects.exists()
        assert not Identity.objects.exists()


def test_a_test_counts_for_the_settings_with_which_it_began_and_for_its_owner(acme, own, idp, values, use, admin):
    use(acme, State.DRAFT)
    back = idp.back(own.get(TEST))
    own.post(EDIT, values | {"secret": "other"})
    assert "The settings have been changed meanwhile." in own.get(back, follow=True).text
    assert state_of(acme) == State.DRAFT
    with within(acme), pytest.raises(ValidationError):
        changes.switch(actor=admin.__class__.objects.get(username="owner"), state=State.ON)


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("https://127.0.0.2", "This address is not public."),
        ("http://localhost.example:8080", "Only these ports may be used"),
        ("ftp://id.example", "has to begin with https://"),
        ("{}/", "calls itself by another issuer"),
        ("{}/nothing", "answered with an error"),
    ],
)
def test_an_issuer_that_is_no_public_provider_is_refused(acme, own, idp, values, issuer, words):
    page = own.post(EDIT, values | {"issuer": issuer.format(idp.address)})
    assert words in page.text
    assert SECRET not in page.text
    with within(acme):
        assert not Provider.objects.exists()


@pytest.mark.parametrize("roles", ["Owners = owner", "Admins", "= admin"])
def test_no_group_makes_owners(acme, own, values, roles):
    assert "is no line such as" in own.post(EDIT, values | {"roles": roles}).text
    with within(acme):
        assert not Provider.objects.exists()


def test_http_is_refused_outside_development(acme, own, idp, values, settings):
    settings.OWN_SIGN_IN_HTTP = False
    assert "The address has to begin with https://." in own.post(EDIT, values).text


def test_only_owners_set_it_up_and_with_their_password(acme, admin, owner, as_user, use):
    use(acme)
    with within(acme):
        for verb in (changes.remove, lambda **by: changes.switch(state="on", **by)):
            with pytest.raises(PermissionDenied):
                verb(actor=admin)
    assert as_user(owner).get(EDIT).url.startswith("/account/reauthenticate/")
    assert as_user(owner).post(PAGE, {"state": "tested"}).url.startswith("/account/reauthenticate/")
    assert state_of(acme) == State.ON


def test_the_secret_is_encrypted_with_a_new_key(acme, globex, use, settings):
    use(acme)
    use(globex)
    settings.ENCRYPTION_KEYS = ["a new key", *settings.ENCRYPTION_KEYS]
    with within(acme):
        assert reencrypt_all() == 1
        assert reencrypt_all() == 0
        stored = Provider.objects.get().secret
    assert stored.startswith(current_prefix())
    assert decrypt(stored) == SECRET
    call_command("reencrypt_secrets", stdout=StringIO())
    with within(globex):
        assert Provider.objects.get().secret.startswith(current_prefix())
