"""Members sign in at their organisation's provider; what it says wrongly, or elsewhere, is refused in a sentence."""

from copy import deepcopy
from typing import Any

import pytest

from profiles.invitations.changes import invite
from profiles.models import Invitation, User
from profiles.own_sign_in.models import Identity, Provider, State
from profiles.testing import SiteClient
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.oidc.idp import PERSON
from tests.profiles.own_sign_in.conftest import is_in, password

BEGIN = "/account/single-sign-on/"
NEW: dict[str, Any] = {
    "sub": "00u9",
    "email": "nora@new.example",
    "email_verified": True,
    "given_name": "Nora",
    "family_name": "New",
}


@pytest.fixture
def connected(acme, reader, use):
    use(acme)
    with within(acme):
        Identity.objects.create(member=reader, subject=PERSON["sub"])
    return reader


def test_reader_confirms_the_account_once_and_signs_in_without_a_password_then(acme, reader, visitor, idp, use):
    use(acme)
    page = idp.sign_in(visitor, f"{BEGIN}?next=/people/")
    assert "Sign in once in another way, as reader@acme.example" in page.text
    assert page.request["QUERY_STRING"] == "next=%2Fpeople%2F"
    assert not is_in(visitor, acme)
    assert "From now on you can sign in with Okta." in password(visitor, "reader").text
    browser = SiteClient(acme)
    there: Any = browser.get(f"{BEGIN}?next=/people/")
    back: Any = browser.get(idp.back(there))
    assert back.url == "/people/"
    assert is_in(browser, acme) == str(reader.pk)
    assert browser.get(BEGIN)["Location"] == "/"


def test_another_member_who_signs_in_instead_is_not_connected(acme, editor, visitor, idp, use):
    use(acme)
    idp.sign_in(visitor)
    password(visitor, "editor")
    assert is_in(visitor, acme) == str(editor.pk)
    with within(acme):
        assert not Identity.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    part_each_day(
        [
            ({"wrong": {"nonce": "another"}}, "belongs to another sign-in"),
            ({"wrong": {"nonce": "\ud800"}}, "belongs to another sign-in"),
            ({"wrong": {"aud": "another"}}, "is for another client"),
            ({"wrong": {"aud": ["tenantry", "another"]}}, "is for another client"),
            ({"wrong": {"azp": "another"}}, "is for another client"),
            ({"wrong": {"iss": "https://another.example"}}, "comes from another provider"),
            ({"age": 3600}, "has expired"),
            ({"wrong": {"sub": ""}}, "cannot be read"),
            ({"wrong": {"sub": "\ud800"}}, "cannot be read"),
            ({"keys": ["another", None]}, "not the address of an OpenID Connect provider"),
            ({"keys": [{"kty": "RSA", "alg": "none"}]}, "cannot be read"),
            ({"forge": "none"}, "is not signed by the provider"),
            ({"forge": "hmac"}, "is not signed by the provider"),
            ({"forge": "other"}, "is not signed by the provider"),
        ]
    ),
    ids=lambda value: None if isinstance(value, str) else str(value)[:40],
)
def test_an_answer_that_is_wrong_signs_no_one_in(acme, connected, visitor, idp, said, words):
    idp.says(**said)
    if "keys" in said:  # They are read again for a name that is not known.
        with within(acme):
            provider = Provider.objects.get()
            provider.metadata |= {"keys": []}
            provider.save()
    page = idp.sign_in(visitor)
    assert words in page.text
    assert page.request["PATH_INFO"] == "/account/login/"
    assert not is_in(visitor, acme)


def test_the_way_back_works_once_in_its_browser_and_its_organisation(acme, globex, connected, visitor, idp, use):
    use(globex)
    with within(globex):
        Identity.objects.create(member=User.objects.get(username="reader"), subject=PERSON["sub"])
    back = idp.back(visitor.get(BEGIN))
    other, stranger = SiteClient(acme), SiteClient(globex)
    other.get(BEGIN)
    stranger.get(BEGIN)
    for browser, tenant in ((other, acme), (stranger, globex)):
        assert "begun elsewhere, or is over" in browser.get(back, follow=True).text
        assert not is_in(browser, tenant)
    stolen = SiteClient(globex)
    stolen.cookies = deepcopy(visitor.cookies)
    assert "begun elsewhere, or is over" in stolen.get(back, follow=True).text
    visitor.get(back)
    assert is_in(visitor, acme) == str(connected.pk)
    visitor.post("/account/logout/")
    assert "begun elsewhere, or is over" in visitor.get(back, follow=True).text
    for query in ("", "?state=", "?code=x&state=\0", "?error=access_denied"):
        assert SiteClient(acme).get(f"{BEGIN}callback/{query}").status_code in (302, 400)


def test_the_code_of_another_browser_is_worth_nothing(acme, connected, visitor, idp):
    """PKCE: the provider gives a token only for the verifier of the browser that began."""
    theirs, mine = idp.back(SiteClient(acme).get(BEGIN)), idp.back(visitor.get(BEGIN))
    code = theirs.partition("code=")[2].partition("&")[0]
    mine_code = mine.partition("code=")[2].partition("&")[0]
    assert "answered with an error" in visitor.get(mine.replace(mine_code, code), follow=True).text
    assert not is_in(visitor, acme)


def test_a_refusal_and_another_issuer_are_said(acme, connected, visitor, idp):
    back = idp.back(visitor.get(BEGIN))
    assert "comes from another provider" in visitor.get(f"{back}&iss=https://other.example", follow=True).text
    refused = idp.back(visitor.get(BEGIN)).replace("code=", "error=access_denied&x=")
    assert "The provider did not sign you in." in visitor.get(refused, follow=True).text


@pytest.mark.slow
def test_deactivated_and_unknown_people_stay_out_and_the_invited_come_in(acme, gone, admin, owner, visitor, idp, use):
    use(acme, trusts_addresses=True)
    idp.says(person=PERSON | {"email": gone.email})
    assert "Your account is deactivated." in idp.sign_in(visitor).text
    idp.says(person=NEW)
    assert "You are not a member of" in idp.sign_in(visitor).text
    idp.says(person=NEW | {"email_verified": False})
    assert "did not give a verified email address" in idp.sign_in(visitor).text
    with within(acme):
        invitation = invite(actor=owner, email=NEW["email"], role="owner")
    idp.says(person=NEW)
    assert "Use the link in the invitation." in idp.sign_in(visitor).text
    with within(acme):
        Invitation.objects.filter(pk=invitation.pk).update(role="admin")
    idp.sign_in(visitor)
    with within(acme):
        member = User.objects.get(email=NEW["email"])
        assert (member.role, member.name, member.has_usable_password()) == ("admin", "Nora New", False)
        assert Invitation.objects.get().accepted
    assert is_in(visitor, acme) == str(member.pk)


def test_new_members_have_the_role_of_the_setting_and_a_thin_token_is_enough(acme, visitor, idp, use):
    use(acme, makes_members=True, role="editor")
    idp.says(person=NEW | {"family_name": "of https://spam.example"}, is_thin=True)
    idp.sign_in(visitor)
    with within(acme):
        member = User.objects.get(email=NEW["email"])
        assert (member.role, member.name) == ("editor", "Nora")
        Identity.objects.filter(member=member).update(subject="someone else there")
    assert "Sign in once in another way" in idp.sign_in(SiteClient(acme)).text


def test_groups_give_roles_at_each_sign_in_but_never_make_or_unmake_owners(acme, owner, connected, idp, use):
    use(acme, roles="Admins = admin\nEng = ineers = editor", trusts_addresses=True, makes_members=True)
    for groups, role in ((["X", "Eng = ineers"], "editor"), (["Eng = ineers", "Admins"], "admin"), (["X"], "admin")):
        idp.says(person=PERSON | {"groups": groups})
        idp.sign_in(SiteClient(acme))
        with within(acme):
            assert User.objects.get(pk=connected.pk).role == role
    idp.says(person=NEW | {"groups": "Eng = ineers"})
    idp.sign_in(SiteClient(acme))
    with within(acme):
        assert User.objects.get(email=NEW["email"]).role == "editor"
        Identity.objects.create(member=owner, subject="o")
    idp.says(person={"sub": "o", "groups": ["Eng = ineers"]})
    browser = SiteClient(acme)
    idp.sign_in(browser)
    assert is_in(browser, acme) == str(owner.pk)
    with within(acme):
        assert User.objects.get(pk=owner.pk).role == "owner"


def test_members_are_recognised_by_address_if_an_owner_says_so_but_owners_are_not(acme, editor, visitor, idp, use):
    use(acme, trusts_addresses=True)
    idp.says(person={"sub": "e", "email": "EDITOR@acme.example"})
    idp.sign_in(visitor)
    assert is_in(visitor, acme) == str(editor.pk)
    idp.says(person={"sub": "o", "email": "owner@acme.example"})
    browser = SiteClient(acme)
    assert "Sign in once in another way" in idp.sign_in(browser).text
    assert not is_in(browser, acme)


def test_when_it_is_off_or_draft_no_one_signs_in_there(acme, connected, visitor, idp, use):
    back = idp.back(visitor.get(BEGIN))
    for state in (State.TESTED, State.DRAFT):
        use(acme, state)
        assert visitor.get(BEGIN).url == "/account/login/"
    use(acme, State.TESTED)
    visitor.get(back)
    assert not is_in(visitor, acme)
    with within(acme):
        assert Provider.usable() is None
