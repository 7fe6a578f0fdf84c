"""Each mistake in the records has its own words."""

from itertools import pairwise

import pytest

from config import brand
from profiles.own_domains.looking import look
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.words import ADDRESS, PROOF
from shared import dns_proofs

HOST, OURS = "people.customer.example", "127.0.0.1"
PROOF_HOST = f"_{brand.SLUG}.{HOST}."
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


def test_aliases_that_lead_here_over_others(names):
    """As an alias of a content network has it, or one of the customer's own names."""
    hops = [f"{HOST}.", *(f"hop-{number}.customer.example." for number in range(5)), "localhost."]
    names.aliases = dict(pairwise(hops))
    assert look(DOMAIN).address.error == ""
    names.aliases[hops[-2]] = "gone.customer.example."
    assert look(DOMAIN).address.error == "no_name"


@pytest.mark.parametrize("hops", [2, 30])
def test_aliases_that_lead_nowhere(names, hops):
    """In a circle, or over more than a name server follows."""
    circle = [f"{HOST}.", *(f"hop-{number}.customer.example." for number in range(hops))]
    names.aliases = dict(pairwise([*circle, circle[0]]))
    mistake = look(DOMAIN).address
    assert mistake.error == "loop"
    assert ADDRESS["loop"]


def test_name_servers_that_say_nothing_at_all(names, monkeypatch):
    monkeypatch.setattr(dns_proofs, "SECONDS", 0.2)
    names.mute = {PROOF_HOST, f"{HOST}."}
    found = look(DOMAIN)
    assert (found.proof.error, found.address.error) == ("unanswered", "unanswered")


def test_a_record_of_any_length_and_kind_is_shown_shortened(names):
    names.texts[PROOF_HOST] = ["x" * 250, "\\007\\255ring"]
    found = look(DOMAIN).proof.found
    assert len(found) <= 200
    assert found.isprintable()
