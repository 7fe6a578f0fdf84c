"""Links that we have signed rightly, but with something else in them, as another release may: dead, and never a 500."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.testing import facts
from profiles.testing.installed import is_of_an_app_that_is_out
from tenants import signing
from tenants.context import within

ROOT = Path(__file__).parents[2]
# Each use of tenants.signing: what it salts with, and the address of the link.
CONSUMERS = {
    "profiles/models/hand_off.py": ("hand-off", "hand_off"),
    "profiles/models/invitation.py": ("invitation", "accept_invitation"),
    "profiles/mail/refusals.py": ("refusal", "refuse_mail"),
}
HUGE = st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**40])
TEXTS = st.text(st.characters(exclude_categories=[]), max_size=8) | st.sampled_from(["\0", "\ud800", "x" * 5000])
SCALARS = st.none() | st.booleans() | st.integers() | HUGE | st.floats() | TEXTS
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
# What comes near to what is right.
NEAR = st.fixed_dictionaries({"pk": ANYTHING, "nonce": ANYTHING}, optional={"more": ANYTHING})
MANY = settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def users_of_signing() -> set[str]:
    """The modules of installed apps that read a token of tenants.signing."""
    found = set()
    for package in ("profiles", "tenants", "shared", "config"):
        for path in (ROOT / package).rglob("*.py"):
            if path.name == "signing.py" or is_of_an_app_that_is_out(path.parent):
                continue
            source = path.read_text()
            tree = ast.parse(source if "signing.loads" in source else "")
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            if any(ast.unparse(call.func) == "signing.loads" for call in calls):
                found.add(path.relative_to(ROOT).as_posix())
    return found


def is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def test_every_use_is_tried():
    tried = {*CONSUMERS, *(module for pages in facts.pages() for module in getattr(pages, "SIGNED", {}).values())}
    assert users_of_signing() == tried, "Name in CONSUMERS here what reads a signed token, and its address."


@pytest.mark.parametrize(("salt", "address"), CONSUMERS.values())
def test_a_token_of_any_shape_is_a_dead_link(acme, visitor, salt, address):
    @MANY
    @given(ANYTHING | NEAR)
    def ask(value: Any) -> None:
        with within(acme):
            path = reverse(address, args=[signing.dumps(value, salt=salt)])
        # Of a refusal any line of text is a mailbox.
        assert visitor.get(path).status_code == (200 if salt == "refusal" and is_line(value) else 410)

    ask()


@pytest.mark.parametrize("signed", ["", "no base64 at all!", ".bm8gemxpYg", "bm8ganNvbg"])
def test_what_is_signed_but_cannot_be_read_is_a_bad_signature(acme, signed):
    with within(acme):
        token = TimestampSigner(salt=f"{acme.schema_name}:hand-off").sign(signed)
        with pytest.raises(BadSignature):
            signing.loads(token, salt="hand-off", max_age=60, shape=int)


@pytest.mark.parametrize(
    ("value", "shape"), [(7, int), ("a@b.example", str), ({"pk": 1, "to": "ü"}, {"pk": int, "to": str})]
)
def test_what_has_the_right_shape_comes_back(acme, value, shape):
    with within(acme):
        assert signing.loads(signing.dumps(value, salt="x"), salt="x", max_age=60, shape=shape) == value


@pytest.mark.parametrize("shape", [int, str, {"pk": int}])
@pytest.mark.parametrize("value", [True, 1.0, None, [1], {"pk": True}, {"pk": 1, "more": 1}, {}, "\0", 2**63])
def test_what_has_not_is_a_bad_signature(acme, value, shape):
    with within(acme):
        token = signing.dumps(value, salt="x")
        with pytest.raises(BadSignature):
            signing.loads(token, salt="x", max_age=60, shape=shape)
