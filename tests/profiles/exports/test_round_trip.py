"""An organisation goes into a file and comes back the same."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from profiles.exports import tables
from profiles.exports.comparing import differences, of_file, of_organisation
from profiles.exports.importing import bring_in, load
from profiles.exports.verifying import problems
from profiles.models import Invitation, Profile, ProfileUserObjectPermission, User
from profiles.testing import SiteClient, make_people, make_rows, person
from profiles.testing.facts import modules
from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.schemas.drift import differences as drift
from tests.tenants.commands import run
from tests.tenants.databases import copied_database


@pytest.fixture
def back(full, exported):
    """acme once more, from its file."""
    package, manifest = exported(full, with_secrets=True)
    assert problems(package, manifest) == []
    return bring_in(package, manifest, slug="acme-again")


def test_every_model_has_a_row(full, exported):
    _, manifest = exported(full, with_secrets=True)
    empty = [part.model for part in manifest.models if not part.rows]
    assert empty == [], "Make a row of each of these in testing/rows.py of its app."
    assert {part.model for part in manifest.models} == {model._meta.label for model in tables.models()}
    assert modules("rows")


def test_every_table_has_a_model(acme):
    with within(acme):
        assert tables.without_model() == [], "An export cannot have these tables. Give each a model."


def test_comes_back_the_same(full, back):
    assert list(differences(of_organisation(full), of_organisation(back))) == []
    assert len(of_organisation(full).things) > 30
    assert list(drift([back])) == []


def test_file_is_the_same_as_the_organisation(full, exported):
    for with_secrets in (True, False):
        file = of_file(*exported(full, with_secrets=with_secrets))
        assert list(differences(file, of_organisation(full, with_secrets=with_secrets))) == []


def test_what_is_not_the_same_is_named(full, back, globex):
    with within(back):
        User.objects.filter(username="reader").update(first_name="Other")
        default_storage.delete("photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/64.webp")
    found = [name for name, _, _ in differences(of_organisation(full), of_organisation(back))]
    assert found == ["file photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/64.webp", "rows of profiles.User"]
    assert list(differences(of_organisation(full), of_organisation(globex)))


def test_member_signs_in_where_the_organisation_has_moved_to(back):
    browser = SiteClient(back)
    answer = browser.post("/account/login/", {"login": "editor", "password": "correct horse battery"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Adam Admin" in browser.get("/people/").content.decode()


def test_next_member_gets_a_number_that_none_had(full, exported):
    with within(full):
        last = User.objects.create_user("last", "last@acme.example")
        number = last.pk
        last.delete()
    back = bring_in(*exported(full), slug="acme-again")
    with within(back):
        assert User.objects.create_user("next", "next@acme.example").pk == number + 1


def test_receivers_do_not_make_a_second_profile(full, back):
    with within(back):
        assert Profile.objects.count() == User.objects.count() == 5
        assert Profile.objects.get(user__username="reader").bio == "\t\\ %s 'x' ☃"


def test_permissions_are_found_by_their_names(full, exported):
    """The other installation has other numbers for them."""
    package, manifest = exported(full)
    with within(Tenant.objects.template()), as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE auth_permission SET id = id + 7000")
    back = bring_in(package, manifest, slug="acme-again")
    with within(back):
        wanted = Permission.objects.get(content_type__app_label="profiles", codename="change_profile")
        assert wanted.pk > 7000
        assert set(ProfileUserObjectPermission.objects.values_list("permission_id", flat=True)) == {wanted.pk}


def test_without_secrets_nothing_in_the_file_is_one(full, exported):
    with within(full):
        secrets = [
            *User.objects.values_list("password", flat=True),
            *Invitation.objects.values_list("nonce", flat=True),
        ]
    package, manifest = exported(full)
    text = "".join(package.read(part.entry).decode() for part in manifest.models)
    assert "owner@acme.example" in text
    assert [secret for secret in [*secrets, "a-key", "a secret", "b" * 32, "a link"] if secret in text] == []


def test_without_secrets_everyone_needs_a_new_password(full, exported):
    back = bring_in(*exported(full), slug="acme-again")
    with within(back):
        assert not any(user.has_usable_password() for user in User.objects.all())
        assert Invitation.objects.get().nonce.startswith("!")
    assert SiteClient(back).post("/account/login/", {"login": "editor", "password": ""}).status_code == 200
    assert person(back, "owner").email == "owner@acme.example"


def test_exports_are_in_no_export(full, exported):
    with within(full):
        from profiles.exports.keeping import make

        make()
    package, _ = exported(full)
    assert not [name for name in package.namelist() if "exports" in name]


@pytest.mark.slow
def test_organisation_moves_to_another_database_and_back(new_tenant, tmp_path):
    """By the commands, as operators do it."""
    tenant = new_tenant("moving")
    with within(tenant):
        make_people("moving")
    make_rows(tenant)
    phrase = Path(tmp_path, "phrase")
    phrase.write_text("a long passphrase\n")
    there, again = str(tmp_path / "there.sealed"), str(tmp_path / "again.sealed")
    secret = {"passphrase_file": str(phrase)}
    run("export_organisation", "moving", output=there, with_secrets=True, **secret)
    with copied_database():
        run("import_organisation", there, slug="moved", **secret)
        run("export_organisation", "moved", output=again, with_secrets=True, **secret)
    run("import_organisation", again, slug="returned", **secret)
    assert "are the same in" in run("compare_organisations", "moving", "returned")
    assert "are the same in" in run("compare_organisations", "moving", again, **secret)
    assert b"owner@moving.example" not in Path(there).read_bytes()


# What waits for the commit keeps tables from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
ODD: dict[str, list[str | None]] = {
    "jsonb": ["null", '{"a": [1.10, null, "☃"], "b": 123456789012345678901234567890.10}', None],
    "numeric": ["1.10", "NaN", "123456789012345678901234567890.123"],
    "double precision": ["0.1", "NaN", "-Infinity", "1e-320"],
    "bytea": [r"\x00ff27", r"\x"],
    "text[]": ['{a,"b,c",NULL,"\\"☃"}', "{}", "[0:1]={x,y}"],
    "timestamptz": ["2026-01-02 03:04:05.678901+05:30", "infinity", "0044-03-15 12:00 BC"],
    "interval": ["1 mon -2 days 03:04:05.6", "-1 year"],
    "inet": ["192.0.2.1/24"],
    "int4range": ["[1,5)", "empty"],
    "text": ["", "\\N", '"%s"', "\r\n\t\x7f", "�"],
}


def test_values_of_every_kind_come_back_as_they_were(full, exported):
    """An app of a product's own may have columns of any type, without a line about them."""
    with within(full), as_owner(), connection.cursor() as cursor:
        cursor.execute(SETTLED)
        for number, (kind, values) in enumerate(ODD.items()):
            cursor.execute(f'ALTER TABLE receivers_product ADD COLUMN "odd %{number}" {kind}'.replace("%", "%%"), [])
            for value in values:
                cursor.execute(
                    f'INSERT INTO receivers_product (name, stock, "odd %%{number}") VALUES (%s, 1, %s::{kind})',  # noqa: S608  ours
                    [kind, value],
                )
        cursor.execute("SELECT p::text FROM receivers_product p ORDER BY id")
        before, sums = cursor.fetchall(), of_organisation(full)
        package, manifest = exported(full, with_secrets=True)
        load(package, manifest, tables.tables())
        cursor.execute("SELECT p::text FROM receivers_product p ORDER BY id")
        assert cursor.fetchall() == before
    assert len(before) == 1 + sum(map(len, ODD.values()))
    assert list(differences(of_organisation(full), sums)) == []


def test_triggers_do_not_run_for_rows_that_come_back(full, exported):
    with within(full), as_owner(), connection.cursor() as cursor:
        cursor.execute(SETTLED)
        cursor.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'ran'; END $$")
        cursor.execute("CREATE TRIGGER t BEFORE INSERT ON receivers_cart FOR EACH ROW EXECUTE FUNCTION refuse()")
        package, manifest = exported(full)
        load(package, manifest, tables.tables())
        cursor.execute("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 't'")
        assert cursor.fetchall() == [("O",)]


def test_commands_say_what_is_not_in_the_file(full, tmp_path):
    out = run("export_organisation", "acme", output=str(tmp_path / "acme.zip"))
    assert "Not in it: " in out
    assert "profiles.Session" in out
    with pytest.raises(Exception, match="is there already"):
        call_command("export_organisation", "acme", output=str(tmp_path / "acme.zip"))


def test_a_file_cannot_make_an_organisation_the_operators(full, exported):
    package, manifest = exported(full)
    assert manifest.organisation.keys().isdisjoint({"is_operators", "support_access", "suspension"})
    manifest.organisation |= {
        "is_operators": True,
        "support_access": "on",
        "suspension": "Pay here",
        "is_sandbox": True,
    }
    made = bring_in(package, manifest, slug="acme-again")
    made.refresh_from_db()
    assert (made.is_operators, made.support_access, made.suspension, made.is_sandbox) == (False, "off", "", False)
