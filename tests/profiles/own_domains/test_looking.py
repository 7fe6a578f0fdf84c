"""Each mistake in the records has its own words."""

import pytest

from profiles.own_domains.looking import look
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.words import ADDRESS, PROOF

HOST, OURS = "people.customer.example", "127.0.0.1"
PROOF_HOST = f"_tenantry.{HOST}."
DOMAIN = OwnDomain(host=HOST, proof="tenantry-domain=abc")


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({PROOF_HOST: ["v=spf1", DOMAIN.proof]}, ""),
        ({}, "no_proof"),
        ({PROOF_HOST: ["tenantry-domain=xyz"]}, "other_proof"),
        ({f"{HOST}.": [DOMAIN.proof]}, "proof_at_host"),
        ({f"{PROOF_HOST}customer.example.": [DOMAIN.proof]}, "proof_doubled"),
        (None, "unanswered"),
    ],
)
def test_proof(names, texts, error):
    names.texts = texts or {}
    names.silent = {PROOF_HOST} if texts is None else set()
    mistake = look(DOMAIN).proof
    assert mistake.error == error
    assert not error or PROOF[error] % {"found": mistake.found}


@pytest.mark.parametrize(
    ("records", "error", "found"),
    [
        ([OURS], "", ""),
        ([OURS, "192.0.2.7"], "", ""),
        ([], "no_name", ""),
        (["198.51.100.1"], "elsewhere", "198.51.100.1"),
        ([OURS, "2001:db8::1"], "mixed", "2001:db8::1"),
        (None, "unanswered", ""),
    ],
)
def test_address(names, settings, records, error, found):
    settings.OWN_DOMAIN_ADDRESSES = ["192.0.2.7"]
    names.says[f"{HOST}."] = [records or []]
    names.silent = {f"{HOST}."} if records is None else set()
    mistake = look(DOMAIN).address
    assert (mistake.error, mistake.found) == (error, found)
    assert not error or ADDRESS[error] % {"found": mistake.found}


def test_aliases_that_lead_in_a_circle(names):
    names.aliases = {f"{HOST}.": "b.customer.example.", "b.customer.example.": f"{HOST}."}
    assert look(DOMAIN).address.error in ("loop", "no_name", "unanswered")


def test_a_record_of_any_length_and_kind_is_shown_shortened(names):
    names.texts[PROOF_HOST] = ["x" * 250, "\\007\\255ring"]
    found = look(DOMAIN).proof.found
    assert len(found) <= 200
    assert found.isprintable()
