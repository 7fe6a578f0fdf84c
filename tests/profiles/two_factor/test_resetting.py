"""An owner or admin resets the second factor of a member who has lost it."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from config import brand
from profiles.models import Session, User
from profiles.roles import Role
from profiles.testing import PASSWORD
from profiles.two_factor.resetting import reset
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET

URL = "/members/reader/two-factor/reset/"


def factors(tenant, member):
    with within(tenant):
        return set(Authenticator.objects.filter(user=member).values_list("type", flat=True))


def test_admin_resets_the_second_factor_of_a_reader(acme, globex, admin, protected, as_user, run_jobs, mailoutbox):
    with within(acme):
        Authenticator.objects.create(user=protected, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        Authenticator.objects.create(user=admin, type="totp", data={"secret": SECRET})
        key = as_user(protected).session.session_key
    with within(globex):
        namesake = User.objects.get(username="reader")
        Authenticator.objects.create(user=namesake, type="totp", data={"secret": SECRET})
    own = as_user(admin)
    assert URL in own.get("/people/reader/").text
    assert "Reset the second factor of Rita Reader?" in own.get(URL).text
    asked = own.post(URL)
    assert asked.url.startswith("/account/reauthenticate/")
    assert "Reset the second factor of Rita Reader (reader)" in own.get(asked.url).text
    assert factors(acme, protected) == {"totp", "recovery_codes"}

    page = own.post(asked.url, {"password": PASSWORD}, follow=True)
    assert "Rita Reader has no second factor now, and was signed out." in page.text
    assert factors(acme, protected) == set()
    assert factors(acme, admin) == {"totp"}
    assert factors(globex, namesake) == {"totp"}
    with within(acme):
        assert not Session.objects.filter(user=protected).exists()
        assert not Session.objects.filter(session_key=key).exists()
    assert URL not in own.get("/people/reader/").text
    run_jobs()
    mail = mailoutbox[-1]
    assert (mail.to, mail.subject) == ([protected.email], "Your second factor for Acme was reset")
    assert "Adam Admin reset your two-factor sign-in" in mail.body
    assert "/account/2fa/" in mail.body


def test_only_those_who_manage_a_member_see_and_reset_it(acme, admin, owner, editor, protected, as_user):
    with within(acme):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": SECRET})
        for actor, member in [(editor, protected), (admin, owner), (owner, owner), (protected, protected)]:
            with pytest.raises(PermissionDenied):
                reset(actor=actor, member=member)
        assert Authenticator.objects.count() == 2
    assert "They sign in with" in as_user(admin).get("/people/editor/").text
    for viewer in (editor, protected):
        assert "Two-factor sign-in" not in as_user(viewer).get("/people/reader/").text.split("<article")[1]


def test_admin_who_became_a_reader_meanwhile_resets_nothing(acme, admin, protected):
    with within(acme):
        User.objects.filter(pk=admin.pk).update(role=Role.READER)
        with pytest.raises(PermissionDenied):
            reset(actor=admin, member=protected)
        assert Authenticator.objects.filter(user=protected).exists()


def test_a_member_without_one_keeps_their_sessions(acme, admin, editor):
    with within(acme):
        Session.objects.create(user=editor, session_key="theirs", expire_date=timezone.now())
        with pytest.raises(ValidationError, match="has no second factor"):
            reset(actor=admin, member=editor)
        assert Session.objects.filter(user=editor).exists()


def test_operator_resets_those_of_the_only_owner(acme, globex, owner, run_jobs, mailoutbox):
    with within(acme):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": SECRET})
    with within(globex):
        Authenticator.objects.create(user=User.objects.get(username="owner"), type="totp", data={"secret": SECRET})
    with pytest.raises(CommandError, match="no member"):
        call_command("reset_second_factor", "nobody", tenant="acme")
    out = StringIO()
    call_command("reset_second_factor", "OWNER@acme.example", tenant="acme", stdout=out)
    assert out.getvalue() == "Olga Owner (Owner of acme) has no second factor now.\n"
    assert factors(acme, owner) == set()
    assert factors(globex, owner) == {"totp"}
    run_jobs()
    assert mailoutbox[-1].to == [owner.email]
    assert f"{brand.NAME} reset your two-factor sign-in" in mailoutbox[-1].body
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", "owner", tenant="acme")
