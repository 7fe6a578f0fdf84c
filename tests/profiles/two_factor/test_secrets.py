"""Secrets of two-factor sign-in are encrypted at rest, and the key can be replaced."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from profiles.testing import SiteClient
from profiles.two_factor.reencryption import reencrypt_all
from shared.encryption import UnreadableSecret, decrypt, encrypt
from tenants.cleaning import clean_up
from tenants.context import within
from tests.profiles.two_factor.codes import SECRET, code_of
from tests.profiles.two_factor.test_mfa import ACTIVATE, first_step, is_signed_in, second_step

OLD, NEW = "an older key " * 5, "a new key of these " * 5


def stored(tenant):
    """What the table holds, all of it."""
    with within(tenant):
        return str(list(Authenticator.objects.values_list("data", flat=True)))


def keep(tenant, user, text):
    with within(tenant):
        Authenticator.objects.create(user=user, type="totp", data={"secret": text, "last_step": 7})


def test_no_secret_is_stored_as_it_is(acme, client):
    secret = re.findall(r"\b[A-Z2-7]{32}\b", client.get(ACTIVATE).content.decode())[0]
    client.post(ACTIVATE, {"code": code_of(secret)})
    rows = stored(acme)
    assert rows.count("encrypted:") == 2
    assert secret not in rows
    assert "'seed': 'encrypted:" in rows


def test_member_signs_in_with_a_secret_of_an_older_key(acme, reader, settings, visitor):
    settings.ENCRYPTION_KEYS = [OLD]
    keep(acme, reader, encrypt(SECRET))
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    second_step(first_step(visitor), code_of(SECRET))
    assert is_signed_in(visitor)


def test_secrets_move_to_the_new_key_and_the_old_one_can_go(acme, globex, reader, stranger, settings):
    settings.ENCRYPTION_KEYS = [OLD]
    keep(acme, reader, encrypt(SECRET))
    keep(globex, stranger, SECRET)  # from before secrets were encrypted
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("reencrypt_secrets", stdout=(said := StringIO()))
    assert "Secrets encrypted anew: 2" in said.getvalue()
    settings.ENCRYPTION_KEYS = [NEW]
    for tenant in (acme, globex):
        with within(tenant):
            data = Authenticator.objects.get().data
            assert (decrypt(data["secret"]), data["last_step"]) == (SECRET, 7)
    assert SECRET not in stored(globex)
    call_command("reencrypt_secrets", stdout=(said := StringIO()))
    assert "Secrets encrypted anew: 0" in said.getvalue()


def test_the_night_encrypts_what_was_stored_before(acme, protected):
    with within(acme):
        clean_up()
    assert SECRET not in stored(acme)
    second_step(first_step(browser := SiteClient(acme)), code_of(SECRET))
    assert is_signed_in(browser)


def test_the_command_says_which_key_is_missing(acme, reader, settings):
    settings.ENCRYPTION_KEYS = [OLD]
    keep(acme, reader, encrypt(SECRET))
    before, settings.ENCRYPTION_KEYS = stored(acme), [NEW]
    with pytest.raises(CommandError, match=r"acme: A secret is encrypted with the key [0-9a-f]{8}, which is not in"):
        call_command("reencrypt_secrets", stdout=StringIO())
    assert stored(acme) == before


def test_a_secret_that_was_changed_is_noticed(acme, settings):
    text = encrypt(SECRET)
    with pytest.raises(UnreadableSecret, match="has been altered"):
        decrypt(text[:-10] + "AAAAAAAAAA")


def test_rows_that_are_current_are_not_written(acme, reader):
    keep(acme, reader, encrypt(SECRET))
    before = stored(acme)
    with within(acme):
        assert reencrypt_all() == 0
    assert stored(acme) == before
