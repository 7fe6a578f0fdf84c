"""`manage.py provision`: many organisations from a table, which can be corrected and used again."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from profiles.models import User
from profiles.testing import SiteClient, queued_jobs
from tenants.context import within
from tenants.models import Domain, Tenant
from tests.tenants.commands import run

HEAD = "name,slug,owner\n"
TWO = f'{HEAD}Initech,initech,Nora New <Nora@initech.example>\n\n"Hooli, Inc.",hooli,gavin@hooli.example\n'


@pytest.fixture
def provision(db, tmp_path, capsys):
    """Run the command with a file with this text. Returns its output, and raises what it raises."""

    def provision(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "organisations.csv"
        path.write_text(text, encoding=encoding)
        return run("provision", str(path))

    return provision


def owner_of(slug: str) -> User:
    with within(Tenant.objects.active().get(slug=slug)):
        return User.objects.owners().select_related("profile").get()


def slugs() -> set[str]:
    return set(Tenant.objects.active().values_list("slug", flat=True))


def test_each_line_becomes_an_organisation_with_its_owner(provision):
    said = provision(TWO).splitlines()
    assert said == [
        "1/2  line 2: http://initech.localhost:8000/ is made.",
        "2/2  line 4: http://hooli.localhost:8000/ is made.",
        "2 made, 0 there already, 0 failed.",
    ]
    nora, gavin = owner_of("initech"), owner_of("hooli")
    assert (nora.get_full_name(), nora.email) == ("Nora New", "nora@initech.example")
    assert (gavin.get_full_name(), gavin.email) == ("gavin", "gavin@hooli.example")
    assert Tenant.objects.get(slug="hooli").name == "Hooli, Inc."


def test_the_owner_sets_a_password_by_mail(provision, run_jobs, mailoutbox):
    provision(TWO)
    run_jobs()
    mailoutbox.clear()
    assert not owner_of("initech").has_usable_password()
    site = SiteClient(Tenant.objects.get(slug="initech"))
    assert site.post("/account/password/reset/", {"email": "nora@initech.example"}).status_code == 302
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["nora@initech.example"]]


def test_the_stock_is_left_for_those_who_sign_up(provision):
    spares = set(Tenant.objects.spare().values_list("pk", flat=True))
    provision(TWO)
    assert Tenant.objects.spare().count() == len(spares)


def test_given_twice_it_makes_nothing_twice(provision):
    provision(TWO)
    before, jobs = list(Tenant.objects.values()), len(queued_jobs())
    assert "0 made, 2 there already, 0 failed." in provision(TWO)
    assert list(Tenant.objects.values()) == before
    assert len(queued_jobs()) == jobs


WRONG = [
    ("Initech,initech", "The line has 2 fields instead of 3: name, slug, owner."),
    ("Initech,initech,nora@initech.example,more", "The line has 4 fields"),
    (",initech,nora@initech.example", "name: This field is required."),
    ("Initech,initech,nora", "owner: Enter a valid email address, such as name@example.com."),
    ("Initech,initech,", "owner: This field is required."),
    ("Initech,in_tech,nora@initech.example", "The address can only have the letters a to z"),
    ("Initech,www,nora@initech.example", "This address"),
    ("Acme,acme,nora@initech.example", "This address, or one that looks like it, is taken."),
    ("Initech,acme,owner@acme.example", "This address, or one that looks like it, is taken."),
    (f"{'n' * 101},initech,nora@initech.example", "name: "),
    ("Initech,initech,nora@initech.example\0", "owner: "),
]


def test_lines_that_are_wrong_are_named_and_the_others_are_made(provision, capsys):
    domains = Domain.objects.count()
    with pytest.raises(CommandError, match=rf"1 made, 0 there already, {len(WRONG)} failed\. Correct"):
        provision("\n".join([HEAD.strip(), *(line for line, _ in WRONG), "Hooli,hooli,gavin@hooli.example\n"]))
    told = capsys.readouterr().err
    for number, (_, reason) in enumerate(WRONG, start=1):
        assert f"{number}/{len(WRONG) + 1}  line {number + 1} failed. {reason}" in told
    assert slugs() == {"acme", "globex", "hooli"}
    assert Domain.objects.count() == domains + 1


def test_two_lines_for_one_address(provision, capsys):
    with pytest.raises(CommandError, match="1 made, 0 there already, 1 failed"):
        provision(f"{HEAD}Initech,initech,nora@initech.example\nIniteck,initech,nora@initech.example\n")
    assert "line 3 failed. This address" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "Initech,initech,nora@initech.example\n", "slug,name,owner\n"])
def test_without_its_first_line_nothing_is_made(provision, text):
    with pytest.raises(CommandError, match=r"The first line is .*It has to be 'name,slug,owner'"):
        provision(text)


def test_what_is_not_csv_is_refused_as_a_whole(provision):
    with pytest.raises(CommandError, match=r"Line 3 is not CSV: .*Nothing was made"):
        provision(f'{HEAD}Initech,initech,nora@initech.example\n"Hooli" Inc.,hooli,gavin@hooli.example\n')
    assert slugs() == {"acme", "globex"}


def test_what_a_spreadsheet_saves_can_be_read(provision):
    """It begins with a byte order mark."""
    assert "2 made" in provision(TWO, encoding="utf-8-sig")
    with pytest.raises(CommandError, match="cannot be read as text in UTF-8"):
        provision(f"{HEAD}Café,cafe,nora@cafe.example\n", encoding="latin-1")


def test_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("provision", str(Path(tmp_path, "none.csv")))


def test_from_standard_input(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TWO.encode())))
    assert "2 made" in run("provision", "-")


def test_killed_in_between_a_line_is_made_whole_or_not_at_all(provision, monkeypatch):
    """Creating its owner fails: neither address nor name are left, and the next run creates it."""
    with monkeypatch.context() as patch:
        patch.setattr("profiles.organisation.owners.ask_to_verify", lambda _address: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            provision(TWO)
    assert slugs() == {"acme", "globex"}
    assert "2 made" in provision(TWO)
