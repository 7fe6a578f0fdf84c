"""Slugs: what can be an organisation's subdomain, and what looks too much like another."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from tenants.addresses import reserved, slugs

SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]", fullmatch=True)


def codes(slug: str) -> list[str]:
    """The codes of all that validate() says against a slug."""
    try:
        slugs.validate(slug)
    except ValidationError as refused:
        return [str(error.code) for error in refused.error_list]
    return []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("Acme, Inc.", "acme-inc"),
        ("  ACME   Corp ", "acme-corp"),
        ("Smith & Sons", "smith-and-sons"),
        ("AT&T", "at-and-t"),
        ("O'Neil\u2019s Books", "oneils-books"),
        ("Société Générale", "societe-generale"),
        ("Müller Straßenbau", "muller-strassenbau"),
        ("Ærø Færge", "aero-faerge"),
        ("Łódź Øl", "lodz-ol"),
        ("Þór Ðorri", "thor-dorri"),
        ("İstanbul Kahves\u0131", "istanbul-kahvesi"),
        ("\uff26\uff35\uff2c\uff2c width", "full-width"),
        ("ﬁne ™", "fine-tm"),
        ("A.B.C.", "a-b-c"),
        ("snake_case", "snake-case"),
        ("xn--acme", "xn-acme"),
        ("李小龙", ""),
        ("Ромашка", ""),
        ("🦄", ""),
        ("", ""),
        ("HP", ""),
        ("1984", ""),
        ("!?", ""),
    ],
)
def test_slug_is_proposed_from_a_name(name: str, slug: str) -> None:
    assert slugs.propose(name) == slug


def test_long_proposal_is_cut_between_words() -> None:
    proposal = slugs.propose("International Association of Very Long Organisation Names")
    assert proposal == "international-association-of-very-long"


def test_long_word_is_cut_within() -> None:
    assert slugs.propose("The " + "x" * 60) == "the-" + "x" * 36


@given(st.text())
def test_proposal_is_nothing_or_a_slug(name: str) -> None:
    proposal = slugs.propose(name)
    assert proposal == "" or set(codes(proposal)) <= {"reserved"}


@given(st.text(alphabet="abcxyz01 -.&'", min_size=1, max_size=80))
def test_proposal_from_ascii_is_nothing_or_a_slug(name: str) -> None:
    proposal = slugs.propose(name)
    assert proposal == "" or set(codes(proposal)) <= {"reserved"}
    assert len(proposal) <= slugs.MAX_LENGTH


@given(SLUGS)
def test_slug_is_its_own_proposal(slug: str) -> None:
    assume(not codes(slug) and "--" not in slug)
    assert slugs.propose(slug) == slug


@pytest.mark.parametrize(
    "slug", ["acme", "abc", "a-1", "3com", "a--b", "smith-and-sons", "x" * 40, "initech", "globex"]
)
def test_slug_is_accepted(slug: str) -> None:
    slugs.validate(slug)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("", ["short"]),
        ("ab", ["short"]),
        ("x" * 41, ["long"]),
        ("-acme", ["outer_hyphen"]),
        ("acme-", ["outer_hyphen"]),
        ("xn--acme", ["double_hyphen"]),
        ("ab--cd", ["double_hyphen"]),
        ("1984", ["digits"]),
        ("Acme", ["characters"]),
        ("ac me", ["characters"]),
        ("ac_me", ["characters"]),
        ("acme.evil", ["characters"]),
        ("café", ["characters"]),
        ("acme\n", ["characters"]),
        ("\u0430cme", ["look_alike"]),
        ("_admin-", ["characters", "outer_hyphen"]),
        ("\u0430dmin", ["look_alike", "reserved"]),
        ("-_", ["short", "characters", "outer_hyphen"]),
        ("--1", ["outer_hyphen"]),
    ],
)
def test_all_that_is_wrong_is_said_at_once(slug: str, expected: list[str]) -> None:
    assert codes(slug) == expected


def test_every_objection_is_a_sentence() -> None:
    for slug in ["", "x" * 41, "-é\u202e \u0430-", "xn--", "12", "admin"]:
        with pytest.raises(ValidationError) as refused:
            slugs.validate(slug)
        assert all(message[0].isupper() or message[0] == "“" for message in refused.value.messages)
        assert all(message[-1] in ".-" or ": " in message for message in refused.value.messages)


def test_character_that_cannot_be_seen_is_named() -> None:
    with pytest.raises(ValidationError, match=r"These are not allowed: “é”, U\+202E and spaces"):
        slugs.validate("é\u202eacme corp")


def test_letter_of_another_script_is_named() -> None:
    sentence = r"“\u0430” looks like the letter “a”, but it is a different character \(Cyrillic small letter a\)\."
    with pytest.raises(ValidationError, match=sentence):
        slugs.validate("\u0430cme")


def test_what_was_typed_is_normalised() -> None:
    assert slugs.normalise("  ACME ") == "acme"


def test_every_reserved_name_is_refused() -> None:
    assert len(reserved.NAMES) > 200
    assert [name for name in reserved.NAMES if "reserved" not in codes(name)] == []


@pytest.mark.parametrize(
    "slug",
    [
        "admins", "policies", "proxies", "statuses", "accesses", "ns1", "mail2", "mail-2", "web01",
        "www3", "pop3", "api-v2", "adm1n", "adrnin", "admln", "admin-", "ad-min", "w-w-w", "vvww",
        "5upport", "acce55", "p4yment5", "statu5", "admin-panel", "adminpanel", "support-team",
        "the-support-team", "myadmin", "mail-server", "loginpage", "billing-support", "account-recovery",
        "sign-in", "signin", "mta-sts", "mtasts",
    ],
)  # fmt: skip
def test_what_passes_for_a_reserved_name_is_refused(slug: str) -> None:
    assert "reserved" in codes(slug)


@pytest.mark.parametrize(
    "slug",
    [
        "administer", "mailchimp", "apiary", "webster", "hosta", "keyboard", "cardboard", "boardroom",
        "photoshop", "design-studio", "blog-masters", "city-bank-of-riga", "team-rocket",
        "smith-media-group", "supportive", "greenmail", "northern-cloud", "status-quo", "page-turner",
        "helping-hands", "first-school", "newton",
    ],
)  # fmt: skip
def test_honest_name_near_a_reserved_one_is_accepted(slug: str) -> None:
    assert codes(slug) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("globex", "g1obex"),
        ("globex", "gl0bex"),
        ("globex", "giobex"),
        ("globex", "glo-bex"),
        ("microsoft", "rnicrosoft"),
        ("wayne", "vvayne"),
        ("acme-corp", "acmecorp"),
        ("acme", "\u0430cm\u0435"),
    ],
)
def test_look_alikes_have_one_skeleton(one: str, other: str) -> None:
    assert slugs.skeleton(one) == slugs.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clock", "dock"),
        ("team-5", "teams"),
        ("acme", "acme-2"),
        ("acme", "acmes"),
        ("area-51", "area-52"),
        ("ann", "am"),
    ],
)
def test_honest_neighbours_have_two_skeletons(one: str, other: str) -> None:
    assert slugs.skeleton(one) != slugs.skeleton(other)


@given(SLUGS)
def test_skeleton_is_its_own_skeleton_and_no_longer_than_its_slug(slug: str) -> None:
    skeleton = slugs.skeleton(slug)
    assert slugs.skeleton(skeleton) == skeleton
    assert 0 < len(skeleton) <= len(slug)


@given(st.text(alphabet="rnvwm01il-", min_size=3, max_size=12))
def test_skeleton_of_confusing_letters_is_its_own_skeleton(slug: str) -> None:
    assert slugs.skeleton(slugs.skeleton(slug)) == slugs.skeleton(slug)


def test_alternatives_are_near_and_free() -> None:
    assert slugs.alternatives("acme", {"acme", "acme-hq", "acme-2"}.__contains__) == [
        "acme-group",
        "acme-3",
        "acme-4",
    ]


def test_alternatives_to_a_long_slug_fit() -> None:
    found = slugs.alternatives("a" * 40, lambda _: False)
    assert found == ["a" * 37 + "-hq", "a" * 34 + "-group", "a" * 38 + "-2"]


@pytest.mark.parametrize("slug", ["", "é", "-", "mail"])
def test_alternatives_to_what_cannot_be_mended_are_none_that_validate_refuses(slug: str) -> None:
    assert not list(itertools.chain.from_iterable(codes(one) for one in slugs.alternatives(slug, lambda _: False)))


def test_no_alternative_is_left_when_all_are_taken() -> None:
    assert slugs.alternatives("acme", lambda _: True) == []


@given(SLUGS)
def test_alternatives_can_be_had(slug: str) -> None:
    assert not any(codes(one) for one in slugs.alternatives(slug, lambda _: False))
