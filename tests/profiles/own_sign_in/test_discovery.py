"""The provider's addresses and keys: read by a job at night, and by a sign-in only where a key is new."""

import pytest
from django.core.exceptions import ValidationError

from profiles.own_sign_in.models import Identity, Provider, State
from profiles.own_sign_in.nightly import look_after_provider
from profiles.testing import SiteClient
from profiles.testing.jobs import drop_jobs, queued_jobs
from tenants.context import within
from tests.profiles.oidc.idp import PERSON
from tests.profiles.own_sign_in.conftest import is_in

NOWHERE = "https://192.0.2.1/keys"


@pytest.fixture
def change(acme, reader, use):
    """Change what was read of the provider, which the reader is connected with."""
    use(acme)
    with within(acme):
        Identity.objects.create(member=reader, subject=PERSON["sub"])

    def change(**values):
        with within(acme):
            provider = Provider.objects.get()
            provider.metadata |= values
            provider.save()

    return change


def read(tenant):
    with within(tenant):
        return Provider.objects.get().metadata


def test_a_sign_in_reads_no_keys_but_for_a_new_one_and_then_once(acme, change, idp):
    before = read(acme)
    assert {name for key in before["keys"] for name in key} == {"kty", "kid", "n", "e"}
    change(jwks_uri=NOWHERE)
    browser = SiteClient(acme)
    idp.sign_in(browser)
    assert is_in(browser, acme)
    change(keys=[before["keys"][0] | {"kid": "of last year"}])
    refused = SiteClient(acme)
    assert "This address is not public." in idp.sign_in(refused).text
    assert not is_in(refused, acme)
    change(jwks_uri=before["jwks_uri"])
    again = SiteClient(acme)
    idp.sign_in(again)
    assert is_in(again, acme)
    assert read(acme) == before


def test_the_job_of_the_night_reads_all_of_it(acme, change, use, run_jobs):
    before = read(acme)
    change(token_endpoint=NOWHERE, keys=[])
    for state, number in ((State.TESTED, 0), (State.ON, 1)):
        use(acme, state, metadata=read(acme))
        drop_jobs()
        with within(acme):
            look_after_provider()
            look_after_provider()
        assert len([job for job in queued_jobs() if job.task_name == "own_sign_in.discover"]) == number
    run_jobs()
    assert read(acme) == before


def test_a_provider_that_does_not_answer_at_night_keeps_what_was_read(acme, change, use, run_jobs):
    before = read(acme)
    use(acme, issuer="https://192.0.2.1")
    drop_jobs()
    with within(acme):
        look_after_provider()
    with pytest.raises(ValidationError, match="not public"):  # which the worker tries again
        run_jobs()
    assert read(acme) == before
