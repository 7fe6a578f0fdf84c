"""Members sign in with a provider of all organisations; what is wrong, or said elsewhere, is refused in a sentence."""

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from profiles.models import User
from profiles.providers.models import Identity
from profiles.testing import SiteClient, needs
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.oidc.idp import PERSON
from tests.profiles.providers.ways import back, begin, is_in, passed_on, password, sign_in


def link(tenant: Any, username: str, provider: str, subject: str) -> None:
    with within(tenant):
        member = User.objects.get(username=username)
        Identity.objects.create(member=member, provider=provider, subject=subject, shown="rita@gmail.com")


@pytest.fixture
def linked(acme, globex, oidc):
    """The same account is another member's in globex, with the same primary key there."""
    link(acme, "reader", "google", PERSON["sub"])
    link(globex, "editor", "google", PERSON["sub"])


def test_reader_confirms_the_account_once_and_signs_in_without_a_password_then(acme, reader, visitor, oidc):
    page = sign_in(oidc, visitor, "google", "?next=/people/")
    assert "Sign in once in another way, as reader@acme.example" in page.text
    assert page.request["QUERY_STRING"] == "next=%2Fpeople%2F"
    assert not is_in(visitor, acme)
    assert "From now on you can sign in with Google." in password(visitor, "reader").text
    browser = SiteClient(acme)
    answer: Any = browser.get(back(oidc, browser, f"{begin('google')}?next=/people/"))
    assert answer.url == "/people/"
    assert is_in(browser, acme) == str(reader.pk)
    assert browser.get(begin("google"))["Location"] == "/"
    with within(acme):
        identity = Identity.objects.get()
    assert (identity.member_id, identity.provider, identity.shown) == (reader.pk, "google", PERSON["email"])
    assert identity.used


def test_another_member_who_signs_in_instead_is_not_linked(acme, editor, visitor, oidc):
    sign_in(oidc, visitor, "google")
    password(visitor, "editor")
    assert is_in(visitor, acme) == str(editor.pk)
    with within(acme):
        assert not Identity.objects.exists()


def test_each_organisation_has_its_own_link_and_each_provider_its_own_accounts(acme, globex, linked, oidc):
    for tenant, name in ((acme, "reader"), (globex, "editor")):
        browser = SiteClient(tenant)
        sign_in(oidc, browser, "google")
        with within(tenant):
            assert is_in(browser, tenant) == str(User.objects.get(username=name).pk)
    other = SiteClient(acme)
    assert "Sign in once in another way" in sign_in(oidc, other, "oidc").text
    assert not is_in(other, acme)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"wrong": {"nonce": "another"}}, "belongs to another sign-in"),
        ({"wrong": {"aud": "another"}}, "is for another client"),
        ({"wrong": {"iss": "https://another.example"}}, "comes from another provider"),
        ({"age": 3600}, "has expired"),
        ({"forge": "none"}, "is not signed by the provider"),
    ],
    ids=lambda value: None if isinstance(value, str) else str(value)[:40],
)
def test_an_answer_that_is_wrong_signs_no_one_in(acme, linked, visitor, oidc, said, words):
    oidc.says(**said)
    page = sign_in(oidc, visitor, "google")
    assert words in page.text
    assert page.request["PATH_INFO"] == "/account/login/"
    assert not is_in(visitor, acme)


def test_the_way_back_works_once_in_its_browser_and_its_organisation(acme, globex, reader, linked, visitor, oidc):
    over = "begun elsewhere, or is over"
    there = oidc.back(visitor.get(begin("google")))
    path = passed_on(there)
    other, stranger = SiteClient(acme), SiteClient(globex)
    other.get(begin("google"))
    stranger.get(begin("google"))
    thief = SiteClient(globex)
    thief.cookies = deepcopy(visitor.cookies)
    for browser, tenant in ((other, acme), (stranger, globex), (thief, globex)):
        assert over in browser.get(path, follow=True).text
        assert not is_in(browser, tenant)
    visitor.get(path)
    assert is_in(visitor, acme) == str(reader.pk)
    visitor.post("/account/logout/")
    assert over in visitor.get(path, follow=True).text
    path = back(oidc, visitor, begin("google"))
    assert over in visitor.get(path.replace("/google/", "/oidc/"), follow=True).text
    assert "did not sign you in" in sign_in_refused(oidc, visitor)
    assert not is_in(visitor, acme)


def sign_in_refused(oidc: Any, browser: Any) -> str:
    path = back(oidc, browser, begin("google")).replace("code=", "error=access_denied&x=")
    return str(browser.get(path, follow=True).text)


def test_the_base_domain_passes_on_what_an_organisation_has_signed_and_to_its_own_host(acme, globex, visitor, oidc):
    there = oidc.back(visitor.get(begin("google")))
    answer: Any = Client(SERVER_NAME="localhost").get(f"{there}&next=https://evil.example")
    assert answer.url.startswith(acme.url("/account/providers/google/return/?code="))
    assert "evil" not in answer.url
    schema, _dot, signed = there.partition("state=")[2].partition("&")[0].partition(".")
    assert schema == acme.schema_name
    state = f"{globex.schema_name}.{signed}"
    wrong = ["", "x", "%00", ".", signed, state, f"{schema}.", f"{schema}.x", f"tenant_template.{signed}"]
    for path in [f"/providers/google/callback/?code=x&state={each}" for each in wrong] + [
        there.replace("google", "oidc")
    ]:
        page = Client(SERVER_NAME="localhost").get(path)
        assert (page.status_code, "This sign-in is over" in page.text) in ((410, True), (400, False)), path
    with public():
        Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.SUSPENDED)
    assert Client(SERVER_NAME="localhost").get(there).status_code == 410


def test_the_code_of_another_browser_is_worth_nothing(acme, linked, visitor, oidc):
    theirs, mine = back(oidc, SiteClient(acme), begin("google")), back(oidc, visitor, begin("google"))
    code, own = (path.partition("code=")[2].partition("&")[0] for path in (theirs, mine))
    assert "answered with an error" in visitor.get(mine.replace(own, code), follow=True).text
    assert not is_in(visitor, acme)


def test_an_unverified_address_and_that_of_another_organisations_member_find_no_one(acme, globex, visitor, oidc):
    for verified in ({"email_verified": False}, {"email_verified": "no"}):
        oidc.says(person=PERSON | verified)
        assert "did not give a verified email address" in sign_in(oidc, visitor, "oidc").text
    oidc.says(person=PERSON | {"email": "reader@globex.example"})
    assert "You are not a member of" in sign_in(oidc, visitor, "oidc").text
    assert not is_in(visitor, acme)
    with within(acme):
        assert User.objects.count() == 5


def test_microsofts_addresses_count_only_with_its_word_and_directories_are_told_apart(
    acme, reader, visitor, oidc, settings
):
    """A document for several directories has a placeholder, which each token fills."""
    here = f"{oidc.address}/{{tenantid}}/v2.0"
    settings.PROVIDERS["microsoft"] |= {"url": f"{oidc.address}/common/v2.0"}
    person = {"sub": "m1", "email": "reader@acme.example", "email_verified": True, "tid": "t1"}
    said: dict[str, Any] = {"called": here, "wrong": {"iss": f"{oidc.address}/t1/v2.0"}}
    oidc.says(person=person, **said)
    assert "did not give a verified email address" in sign_in(oidc, visitor, "microsoft").text
    oidc.says(person=person | {"xms_edov": True}, **said)
    assert "Sign in once in another way" in sign_in(oidc, visitor, "microsoft").text
    password(visitor, "reader")
    with within(acme):
        assert Identity.objects.get().subject == "t1.m1"
    oidc.says(person=person | {"tid": "t2"}, **said)
    assert "comes from another provider" in sign_in(oidc, SiteClient(acme), "microsoft").text
    said["wrong"]["iss"] = f"{oidc.address}/t2/v2.0"
    oidc.says(person=person | {"tid": "t2"}, **said)
    assert "did not give a verified email address" in sign_in(oidc, SiteClient(acme), "microsoft").text


def test_a_deactivated_member_stays_out(acme, gone, visitor, oidc):
    oidc.says(person=PERSON | {"email": gone.email})
    assert "Your account is deactivated." in sign_in(oidc, visitor, "google").text
    link(acme, "gone", "google", PERSON["sub"])
    assert "Your account is deactivated." in sign_in(oidc, visitor, "google").text
    assert not is_in(visitor, acme)


def test_github_signs_in_by_its_number_and_proposes_a_verified_main_address(acme, reader, visitor, github):
    github.server.emails[1]["verified"] = False
    assert "did not give a verified email address" in sign_in(github, visitor, "github").text
    github.server.emails[1]["verified"] = True
    assert "as reader@acme.example" in sign_in(github, visitor, "github").text
    password(visitor, "reader")
    github.server.emails.clear()
    github.server.user["login"] = "rita-new"
    browser = SiteClient(acme)
    sign_in(github, browser, "github")
    assert is_in(browser, acme) == str(reader.pk)
    thief = SiteClient(acme)
    theirs, mine = back(github, SiteClient(acme), begin("github")), back(github, thief, begin("github"))
    stolen, own = (path.partition("code=")[2].partition("&")[0] for path in (theirs, mine))
    assert "did not sign you in" in thief.get(mine.replace(own, stolen), follow=True).text
    github.server.user["id"] = "4711"
    assert "cannot be read" in sign_in(github, thief, "github").text


@needs("profiles.two_factor")
def test_the_second_factor_is_asked_for_too(acme, reader, linked, visitor, oidc):
    from allauth.mfa.models import Authenticator

    from tests.profiles.two_factor.codes import SECRET

    with within(acme):
        Authenticator.objects.create(user=reader, type="totp", data={"secret": SECRET})
    page = sign_in(oidc, visitor, "google")
    assert page.request["PATH_INFO"] == "/account/2fa/authenticate/"
    assert not is_in(visitor, acme)


@needs("profiles.required_factor")
def test_a_required_factor_leads_to_its_set_up(acme, owner, reader, linked, visitor, oidc):
    from profiles.required_factor.models import Requirement

    with within(acme):
        Requirement.objects.create(scope="all", grace_days=0)
    assert sign_in(oidc, visitor, "google").request["PATH_INFO"].startswith("/account/2fa/")


@needs("profiles.own_sign_in")
def test_an_organisation_that_requires_its_own_sign_in_refuses_providers(acme, owner, linked, visitor, oidc):
    from profiles.invitations.changes import invite
    from profiles.own_sign_in.models import Provider, State

    with within(acme):
        Provider.objects.create(name="Okta", issuer="https://id.example", client_id="c", state=State.REQUIRED)
        invite(actor=owner, email="nora@new.example", role="reader")
    for person in (PERSON, {"sub": "e", "email": "editor@acme.example"}, {"sub": "n", "email": "nora@new.example"}):
        oidc.says(person={"email_verified": True} | person)
        assert (
            "requires you to sign in with Okta."
            in sign_in(oidc, visitor, "oidc" if person != PERSON else "google").text
        )
        assert not is_in(visitor, acme)
    with within(acme):
        assert not User.objects.filter(email="nora@new.example").exists()
