"""Values that leave the process carry their tenant: files, cache, signatures, sessions, tokens, log lines."""

import logging
from pathlib import Path
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, SignatureExpired

from profiles.models import Session, User
from profiles.testing import SiteClient
from tenants import signing
from tenants.context import public, within
from tenants.errors import NoTenant
from tenants.isolation.log import TenantFilter


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_each_organisation_has_a_folder_of_its_own(media, acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            assert default_storage.save("note.txt", ContentFile(tenant.slug.encode())) == "note.txt"
            assert Path(default_storage.path("note.txt")) == media / tenant.schema_name / "note.txt"
    with within(acme):
        with default_storage.open("note.txt") as note:
            assert note.read() == b"acme"
        default_storage.delete("note.txt")
    with within(globex):
        assert default_storage.exists("note.txt")
        assert default_storage.listdir("") == ([], ["note.txt"])


def test_outside_there_are_no_files(media):
    for use in (default_storage.path, default_storage.exists, default_storage.open):
        with pytest.raises(NoTenant):
            use("note.txt")


@pytest.mark.parametrize("name", ["../{}/note.txt", "/etc/passwd", "a/../../{}/note.txt", "..", "../../note.txt"])
def test_no_name_leads_into_another_folder(media, acme, globex, name):
    with within(globex):
        default_storage.save("note.txt", ContentFile(b"globex"))
    with within(acme), pytest.raises(SuspiciousFileOperation):
        default_storage.open(name.format(globex.schema_name))


def test_a_cached_value_is_met_in_its_organisation_only(acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            assert cache.get("welcome") is None
            cache.set("welcome", tenant.slug)
    cache.set("welcome", "public")
    for tenant in (acme, globex):
        with within(tenant):
            assert cache.get("welcome") == tenant.slug
            assert cache.get_many(["welcome"]) == {"welcome": tenant.slug}
    with within(acme):
        cache.delete("welcome")
    with within(globex):
        assert cache.get("welcome") == "globex"
    assert cache.get("welcome") == "public"


def test_a_signature_is_worth_nothing_elsewhere(acme, globex):
    with within(acme):
        token = signing.dumps({"pk": 1}, salt="invitation")
        assert signing.loads(token, salt="invitation", max_age=60, shape={"pk": int}) == {"pk": 1}
        with pytest.raises(BadSignature):
            signing.loads(token, salt="hand-off", max_age=60, shape={"pk": int})
        with pytest.raises(SignatureExpired):
            signing.loads(token, salt="invitation", max_age=-1, shape={"pk": int})
    with within(globex), pytest.raises(BadSignature):
        signing.loads(token, salt="invitation", max_age=60, shape={"pk": int})
    with public(), pytest.raises(NoTenant):
        signing.loads(token, salt="invitation", max_age=60, shape={"pk": int})
    with pytest.raises(NoTenant):
        signing.dumps(1, salt="invitation")


@pytest.fixture
def twins(acme, globex) -> tuple[User, User]:
    """One person in both organisations: the same primary key, name, address, password hash, last sign-in."""
    same = {
        "email": "twin@example.com",
        "password": "md5$salt$00000000000000000000000000000000",
        "last_login": None,
    }
    people = []
    for tenant in (acme, globex):
        with within(tenant):
            EmailAddress.objects.filter(user=1).update(email=same["email"])
            User.objects.filter(pk=1).update(**same)
            people.append(User.objects.get(pk=1))
    return people[0], people[1]


def test_a_session_does_not_fit_the_same_persons_row_elsewhere(twins, acme, globex):
    """In both directions, and even if the other organisation's table has the same session."""
    for here, there, user in ((acme, globex, twins[0]), (globex, acme, twins[1])):
        browser = SiteClient(here).sign_in(user)
        assert browser.get("/people/").status_code == 200
        with within(here):
            session = Session.objects.values().get(session_key=browser.cookies["session"].value)
        with within(there):
            Session.objects.create(**session)
        elsewhere = SiteClient(there)
        elsewhere.cookies["session"] = session["session_key"]
        assert elsewhere.get("/people/").status_code == 302
        with within(there):
            Session.objects.all().delete()


def test_the_session_hash_is_another_in_each(twins, acme, globex, settings):
    hashes = set()
    settings.SECRET_KEY_FALLBACKS = ["an older key"]
    for tenant, user in zip((acme, globex), twins, strict=True):
        with within(tenant):
            hashes |= {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    assert len(hashes) == 4


def test_a_password_reset_is_worth_nothing_elsewhere(twins, acme, globex):
    one, other = twins
    for here, there, user, twin in ((acme, globex, one, other), (globex, acme, other, one)):
        with within(here):
            token = default_token_generator.make_token(user)
            assert default_token_generator.check_token(user, token)
        with within(there):
            assert not default_token_generator.check_token(twin, token)


def test_a_password_reset_link_is_worth_nothing_on_another_host(twins, acme, globex):
    from allauth.account.utils import user_pk_to_url_str

    with within(acme):
        key = default_token_generator.make_token(twins[0])
    path = f"/account/password/reset/key/{user_pk_to_url_str(twins[0])}-{key}/"
    assert SiteClient(acme).get(path).status_code == 302
    page = SiteClient(globex).get(path)
    assert page.status_code == 200
    assert "form" not in page.context or not page.context["form"].user


def test_log_lines_name_their_tenant(acme, caplog):
    def record() -> Any:
        made = logging.LogRecord("any", logging.INFO, "", 0, "words", None, None)
        assert TenantFilter().filter(made)
        return made

    with within(acme):
        assert record().tenant == acme.schema_name
    assert record().tenant == "public"


def test_there_are_no_people_in_public(db):
    with pytest.raises(NoTenant):
        get_user_model().objects.count()
