"""An organisation with rows that newer rules refuse is migrated with the others, and its rows are repaired."""

import pytest
from django.db import connection

from profiles.models import Invitation, User
from tenants.context import within
from tests.tenants.migrating import assert_all_equal_the_template, migrate, sql

BEFORE_THE_RULES = "0002_welcome_apart"
ODD = (
    "UPDATE profiles_user SET username = 'c/d' WHERE username = 'reader'",
    "UPDATE profiles_user SET username = 'owner@acme.example' WHERE username = 'editor'",
    "UPDATE profiles_user SET email = U&'i\\0307stanbul@x.example' WHERE username = 'admin'",
    "UPDATE profiles_user SET email = 'gone@exämple.de' WHERE username = 'gone'",
    (
        "INSERT INTO profiles_invitation (email, role, message, nonce, created, expires) "
        "VALUES ('ivy@acme.example', 'boss', '', '', now(), now())"
    ),
)


@pytest.mark.slow
def test_odd_rows_hold_no_organisation_up(acme, globex):
    connection.check_constraints()
    migrate("profiles", BEFORE_THE_RULES)
    sql(acme, *ODD)
    migrate()
    assert_all_equal_the_template()
    with within(acme):
        names = dict(User.objects.values_list("username", "email"))
        assert names["c-d"] == "reader@acme.example"
        assert names["owner-acme.example"] == "editor@acme.example"
        assert (names["admin"], names["gone"]) == ("", "gone@xn--exmple-cua.de")
        assert Invitation.objects.get().revoked
    with within(globex):
        assert User.objects.get(username="reader").email == "reader@globex.example"
