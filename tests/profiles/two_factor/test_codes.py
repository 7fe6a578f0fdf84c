"""A code is accepted once, by whichever process: from the app, at activation, from the list of recovery codes."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection, connections

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET, code_of
from tests.profiles.two_factor.test_mfa import ACTIVATE, first_step, is_signed_in, second_step


def sign_in(tenant, code):
    """In a browser and in a process of its own: nothing that a cache holds is there."""
    cache.clear()
    browser = SiteClient(tenant)
    second_step(first_step(browser), code)
    return is_signed_in(browser)


def test_a_code_works_once_in_all_processes(acme, protected):
    code = code_of(SECRET)
    assert sign_in(acme, code)
    assert not sign_in(acme, code)


def test_so_does_one_that_is_typed_with_a_space(acme, protected):
    code = code_of(SECRET)
    assert sign_in(acme, f"{code[:3]} {code[3:]}")
    assert not sign_in(acme, code)


def test_the_code_that_turns_it_on_signs_nobody_in(acme, client):
    secret = re.findall(r"\b[A-Z2-7]{32}\b", client.get(ACTIVATE).content.decode())[0]
    code = code_of(secret)
    assert client.post(ACTIVATE, {"code": code}).status_code == 302
    assert not sign_in(acme, code)


def test_a_code_that_was_used_proves_nothing_more(acme, protected, as_user):
    code = code_of(SECRET)
    assert sign_in(acme, code)
    browser = as_user(protected)
    cache.clear()
    assert browser.post("/account/2fa/reauthenticate/", {"code": code}).status_code == 200


@pytest.mark.slow
def test_of_ten_processes_one_accepts_a_code(new_tenant):
    tenant, start = new_tenant("coders"), Barrier(10)
    with within(tenant):
        authenticator = Authenticator.objects.create(user=User.objects.get(), type="totp", data={"secret": SECRET})
    code = code_of(SECRET)

    def one(_number: int) -> bool:
        try:
            with within(tenant):
                mine = Authenticator.objects.get(pk=authenticator.pk).wrap()
                start.wait()
                return mine.validate_code(code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(one, range(10))).count(True) == 1


def test_the_page_of_recovery_codes_brings_none_back(acme, reader):
    """It began when the code was unused, and notes that it was looked at when it has been used."""
    with within(acme):
        codes = RecoveryCodes.activate(reader)
        page = Authenticator.objects.get(pk=codes.instance.pk).wrap()
        code = codes.get_unused_codes()[0]
        assert codes.validate_code(code)
        page.mark_as_viewed()
        after = Authenticator.objects.get(pk=codes.instance.pk).wrap()
        assert after.did_view
        assert not after.validate_code(code)


@pytest.mark.parametrize("words", ["last_step", "viewed_at"])
def test_what_is_noted_is_in_the_row(acme, protected, words):
    with within(acme):
        totp = Authenticator.objects.get(user=protected).wrap()
        assert totp.validate_code(code_of(SECRET))
        codes = RecoveryCodes.activate(protected)
        codes.mark_as_viewed()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM mfa_authenticator WHERE data ? %s", [words])
            assert cursor.fetchone() == (1,)
