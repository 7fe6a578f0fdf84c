"""An owner requires a second factor: days of grace with a banner, then the set-up before anything else."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from profiles.models import User
from profiles.required_factor.changes import require
from profiles.required_factor.models import Requirement
from profiles.required_factor.nightly import remind
from profiles.testing import PASSWORD
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET, code_of

URL = "/settings/two-factor/"
SET_UP = "/account/2fa/"


@pytest.fixture
def secured(acme, owner):
    """The owner, who has a second factor."""
    with within(acme):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": SECRET})
    return owner


def begin(tenant, scope, days, *, ago=0):
    with within(tenant):
        Requirement.objects.update_or_create(
            pk=1, defaults={"scope": scope, "grace_days": days, "since": timezone.now() - timedelta(days=ago)}
        )
        User.objects.update(date_joined=timezone.now() - timedelta(days=100))


def test_owner_requires_it_and_an_editor_sets_it_up_when_the_days_are_over(
    acme, globex, secured, verified_editor, as_user
):
    theirs = as_user(secured)
    asked = theirs.post(URL, {"scope": "all", "grace_days": "7"})
    assert asked.url.startswith("/account/reauthenticate/")
    theirs.post(asked.url, {"password": PASSWORD})
    with within(acme):
        assert list(Requirement.objects.values_list("scope", "grace_days")) == [("all", 7)]
    with within(globex):
        assert Requirement.current() is None
    own = as_user(verified_editor)
    assert "You have 7 days left to set it up" in own.get("/").text
    assert "requires two-factor sign-in" not in theirs.get("/").text

    begin(acme, "all", 7, ago=8)
    for path in ("/", "/people/", "/account/password/change/", URL):
        assert own.get(path).url == SET_UP
    assert own.post("/people/editor/edit/", {}).url == SET_UP
    assert own.get("/people/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == SET_UP
    assert "until then, no other page opens" in own.get(SET_UP).text
    set_up = own.get(f"{SET_UP}totp/activate/")
    confirm = own.get(set_up.url)
    assert confirm.status_code == 200, "The password page is part of the set-up."
    own.post(set_up.url, {"password": PASSWORD})
    page = own.get(f"{SET_UP}totp/activate/")
    own.post(f"{SET_UP}totp/activate/", {"code": code_of(page.context["form"].secret)})
    assert own.get("/people/").status_code == 200


def test_it_concerns_only_those_of_whom_it_is_required(acme, secured, admin, editor, as_user, visitor):
    begin(acme, "managers", 0)
    assert as_user(admin).get("/people/").url == SET_UP
    assert as_user(editor).get("/people/").status_code == 200
    assert as_user(secured).get("/people/").status_code == 200
    assert visitor.get("/account/login/").status_code == 200
    with within(acme):
        Requirement.objects.all().delete()
    assert as_user(admin).get("/people/").status_code == 200


def test_recovery_codes_and_passkeys_of_a_former_address_are_no_factor(acme, secured, admin, as_user):
    begin(acme, "all", 0)
    with within(acme):
        Authenticator.objects.create(user=admin, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        Authenticator.objects.create(user=admin, type="webauthn", data={"name": "Key", "left": "old.example.com"})
    assert as_user(admin).get("/people/").url == SET_UP


def test_who_joins_later_has_all_the_days(acme, secured, reader, as_user):
    begin(acme, "all", 10, ago=60)
    with within(acme):
        User.objects.filter(pk=reader.pk).update(date_joined=timezone.now() - timedelta(days=6))
    assert "You have 4 days left" in as_user(reader).get("/").text


def test_owner_without_a_factor_cannot_require_one(acme, owner, as_user):
    page = as_user(owner).give_password().post(URL, {"scope": "all", "grace_days": "0"})
    assert "Set up a second factor of your own first." in page.text
    with within(acme):
        assert Requirement.current() is None
        with pytest.raises(ValidationError):
            require(actor=owner, scope="managers", grace_days=3)


def test_only_owners_require_it_and_for_30_days_at_most(acme, secured, admin, editor, as_user):
    with within(acme):
        for actor in (admin, editor):
            with pytest.raises(PermissionDenied):
                require(actor=actor, scope="all", grace_days=1)
    own = as_user(secured).give_password()
    for values in ({"scope": "all", "grace_days": "31"}, {"scope": "all", "grace_days": "-1"}, {"scope": "some"}):
        assert own.post(URL, values).context["form"].errors
    with within(acme):
        assert Requirement.current() is None


@pytest.mark.parametrize(("ago", "reminded"), [(0, []), (7.5, ["admin"]), (9.5, [])])
def test_those_without_get_a_notice_and_one_more_before_the_end(acme, secured, admin, editor, ago, reminded, told):
    with within(acme):
        require(actor=secured, scope="managers", grace_days=10)
    assert told("factor.required") == ["admin"]
    begin(acme, "managers", 10, ago=ago)
    with within(acme):
        remind()
    assert told("factor.required") == ["admin", *reminded]
