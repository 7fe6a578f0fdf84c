"""Links that we have signed, but with something else in them, as another release may: dead, and never an error."""

from profiles.support.changes import SALT, enter
from shared.secret_paths import cut
from tenants import signing
from tenants.context import within

ODD: list[object] = [None, True, 7, 2**40, 2**70, -1, "", "x" * 5000, "\0", "../media", [], ["a"], {}]


def test_it_lets_no_one_in(acme):
    with within(acme):
        for value in ODD:
            for signed in (value, {"visit": value}, {"visit": 1, "entry": value}, {"visit": value, "entry": 0}):
                assert enter(signing.dumps(signed, salt=SALT), max_age=60) is None


def test_the_log_cuts_its_secret():
    assert "secret" not in cut("/support/enter/eyJr:1abc:secret/")
