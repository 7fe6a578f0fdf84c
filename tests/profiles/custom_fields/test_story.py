"""Acme wants to know of its members what no profile has: fields are defined, filled in, found, and taken away again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.custom_fields import changes
from profiles.custom_fields.models import Field, Kind, Values
from profiles.custom_fields.nightly import end_fields
from profiles.models import User
from profiles.roles import Audience
from tenants.context import within
from tests.daily import part_each_day

NEW = {"label": "Department", "kind": "text", "edited_by": "member", "seen_by": "everyone"}
PREFIX = "custom_fields-values-"
SAVED = {"time_zone": "UTC", "first_name": "Rita", "last_name": "Reader"}


@pytest.fixture
def define(acme, owner):
    def make(label: str, kind: str = "text", **more) -> Field:
        with within(acme):
            return changes.define(actor=owner, field=Field(label=label, kind=kind, **more))

    return make


def page(browser, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def values_of(acme, user) -> dict:
    with within(acme):
        row = Values.objects.filter(profile=user.profile).first()
        return row.values if row else {}


def test_a_field_is_defined_filled_in_shown_found_and_deleted(acme, as_user, admin, reader, editor, run_jobs):
    boss, rita, edda = as_user(admin), as_user(reader), as_user(editor)
    asked = NEW | {"is_column": "on", "is_searched": "on", "help": "As on your contract."}
    assert boss.post("/settings/fields/new/", asked)["Location"] == "/settings/fields/"
    assert "As on your contract." in page(rita, "/people/reader/edit/")

    saved = rita.post("/people/reader/edit/", SAVED | {f"{PREFIX}department": "Rocket Gardening"})
    assert saved["Location"] == "/people/reader/"
    assert values_of(acme, reader) == {"department": "Rocket Gardening"}
    assert "Rocket Gardening" in page(edda, "/people/reader/")
    assert "Rocket Gardening" in page(edda, "/people/?q=garden+rita")

    assert "1 member has filled it in." in page(boss, "/settings/fields/department/delete/")
    boss.post("/settings/fields/department/delete/")
    run_jobs()
    for path in ("/people/reader/", "/people/", "/people/reader/edit/"):
        assert "Rocket Gardening" not in page(edda if "edit" not in path else rita, path)
    assert edda.get("/people/?q=garden").context["rows"] == []
    assert values_of(acme, reader) == {"department": "Rocket Gardening"}

    boss.post("/settings/fields/department/restore/")
    run_jobs()
    assert len(edda.get("/people/?q=garden").context["rows"]) == 1
    assert "Rocket Gardening" in page(edda, "/people/reader/")


def test_deleted_field_ends_with_its_values_after_thirty_days(acme, define, owner, reader):
    for label in ("Department", "Room"):
        define(label)
    with within(acme):
        changes.fill_in(actor=reader, profile=reader.profile, values={"department": "Sales", "room": "7"})
        changes.delete(actor=owner, field=Field.objects.get(key="department"))
        assert end_fields() == 0
        Field.objects.filter(key="department").update(deleted=timezone.now() - timedelta(days=31))
        assert end_fields() == 1
        assert not Field.objects.filter(key="department").exists()
    assert values_of(acme, reader) == {"room": "7"}


def test_change_of_type_says_how_many_values_fit_and_keeps_all(acme, as_user, define, owner, reader, editor, run_jobs):
    define("Desk")
    with within(acme):
        changes.fill_in(actor=reader, profile=reader.profile, values={"desk": "17"})
        changes.fill_in(actor=editor, profile=editor.profile, values={"desk": "by the window"})
    boss = as_user(owner)
    told = " ".join(page(boss, "/settings/fields/desk/type/?kind=number").split())
    assert "2 members have filled it in. 1 value is converted. 1 value does not fit and is empty afterwards." in told
    boss.post("/settings/fields/desk/type/", {"kind": "number"})
    run_jobs()
    assert values_of(acme, reader) == {"desk": "17", "desk_2": 17}
    assert values_of(acme, editor) == {"desk": "by the window"}
    with within(acme):
        assert list(Field.objects.in_use().values_list("key", "kind")) == [("desk_2", "number")]
        assert list(Field.objects.deleted().values_list("key", flat=True)) == ["desk"]


# By type: what is typed, what is kept of it, and what is refused.
TYPED = {
    "text": ("Sales", "Sales", "x" * 201),
    "long_text": ("A\nB", "A\nB", "x" * 2001),
    "number": ("4711.5", 4711.5, "many"),
    "choice": ("Tea", "Tea", "Water"),
    "choices": (["Tea", "Milk"], ["Tea", "Milk"], ["Water"]),
    "date": ("2026-02-28", "2026-02-28", "2026-02-30"),
    "link": ("example.com/a", "https://example.com/a", "javascript:alert(1)"),
    "email": ("Desk@Acme.EXAMPLE", "desk@acme.example", "desk@"),
    "phone": ("+49 30 901820", "+4930901820", "12"),
    "person": ("editor", "editor", "nobody at all"),
}


@pytest.mark.parametrize("kind", part_each_day(TYPED))
def test_value_is_checked_by_its_type_in_form_and_verb(acme, as_user, define, reader, editor, kind):
    good, kept, bad = TYPED[kind]
    define("Fact", kind, options=["Tea", "Milk"] if "choice" in kind else [])
    rita = as_user(reader)
    refused = rita.post("/people/reader/edit/", SAVED | {f"{PREFIX}fact": bad})
    assert refused.status_code == 200
    assert "fact" in refused.context["added"][0].errors
    with within(acme), pytest.raises(ValidationError), transaction.atomic():
        changes.fill_in(actor=reader, profile=reader.profile, values={"fact": 10**12 if kind == "person" else bad})
    assert values_of(acme, reader) == {}
    assert rita.post("/people/reader/edit/", SAVED | {f"{PREFIX}fact": good}).status_code == 302
    assert values_of(acme, reader) == {"fact": editor.pk if kind == "person" else kept}
    # What is shown can be saved as it is.
    form = rita.get("/people/reader/edit/").context["added"][0]
    assert rita.post("/people/reader/edit/", SAVED | {f"{PREFIX}fact": form["fact"].value()}).status_code == 302
    assert values_of(acme, reader) == {"fact": editor.pk if kind == "person" else kept}


def test_required_field_keeps_the_form_and_default_is_filled_in(acme, as_user, define, reader):
    define("Team", is_required=True)
    define("Office", default="Lisbon")
    rita = as_user(reader)
    assert 'value="Lisbon"' in page(rita, "/people/reader/edit/")
    assert rita.post("/people/reader/edit/", SAVED).status_code == 200
    assert rita.post("/people/reader/edit/", SAVED | {f"{PREFIX}team": "Blue"}).status_code == 302
    assert 'value="Lisbon"' not in page(rita, "/people/reader/edit/"), "She has emptied it."


def test_what_owners_and_admins_fill_in_is_not_the_members(acme, as_user, define, admin, reader, editor):
    define("Grade", "number", edited_by="managers", seen_by=Audience.MANAGERS, is_searched=True, is_column=True)
    as_user(reader).post("/people/reader/edit/", SAVED | {f"{PREFIX}grade": "1", "grade": "1"})
    assert values_of(acme, reader) == {}
    with within(acme), pytest.raises(PermissionDenied):
        changes.fill_in(actor=reader, profile=reader.profile, values={"grade": 1})
    assert as_user(editor).get("/people/reader/fields/").status_code == 403
    as_user(admin).post("/people/reader/fields/", {"grade": "770088"})
    assert values_of(acme, reader) == {"grade": 770088}
    assert "770088" in page(as_user(reader), "/people/reader/"), "Members see what is kept about them."
    for path in ("/people/reader/", "/people/", "/people/?q=rita", "/people/editor/"):
        assert "770088" not in page(as_user(editor), path)
    assert as_user(editor).get("/people/?q=770088").context["rows"] == []
    assert len(as_user(admin).get("/people/?q=770088").context["rows"]) == 1
    assert "770088" in page(as_user(admin), "/people/")


def test_secret_of_a_member_is_on_no_page_of_another_ones(acme, as_user, define, owner, reader):
    define("Sizes", seen_by=Audience.SELF)
    as_user(reader).post("/people/reader/edit/", SAVED | {f"{PREFIX}sizes": "marked-secret-31"})
    assert "marked-secret-31" in page(as_user(reader), "/people/reader/")
    boss = as_user(owner)
    for path in ("/people/reader/", "/people/", "/people/?q=secret", "/settings/fields/"):
        assert "marked-secret-31" not in page(boss, path)
    assert boss.get("/people/?q=marked").context["rows"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"seen_by": "self", "edited_by": "managers"},
        {"seen_by": "self", "is_searched": True},
        {"seen_by": "self", "is_column": True},
        {"kind": "date", "is_searched": True},
        {"kind": "colour"},
        {"options": "Tea"},
        {"label": ""},
        {"seen_by": "friends"},
    ],
)
def test_table_refuses_what_the_form_refuses(acme, define, wrong):
    define("Department")
    with within(acme), pytest.raises(IntegrityError), transaction.atomic():
        Field.objects.filter(key="department").update(**wrong)


def test_form_says_what_is_wrong(as_user, owner, define):
    define("Department")
    boss = as_user(owner)
    for wrong, field in [
        ({"label": "department"}, "label"),
        ({"kind": "choice"}, "options"),
        ({"kind": "number", "default": "many"}, "default"),
        ({"seen_by": "self", "is_column": "on"}, "is_column"),
        ({"kind": "person", "is_searched": "on"}, "is_searched"),
    ]:
        form = boss.post("/settings/fields/new/", NEW | {"label": "Room"} | wrong).context["form"]
        assert list(form.errors) == [field]


def test_there_are_bounds_and_an_order(acme, as_user, define, owner, settings):
    settings.CUSTOM_FIELDS_MOST = 3
    for label in ("A", "B", "C"):
        define(label)
    with pytest.raises(ValidationError):
        define("D")
    as_user(owner).post("/settings/fields/c/move/", {"up": ""})
    with within(acme):
        assert "".join(Field.objects.in_use().values_list("label", flat=True)) == "ACB"


def test_removed_colleague_is_not_shown(acme, as_user, define, reader, editor, owner):
    define("Cover", "person")
    as_user(reader).post("/people/reader/edit/", SAVED | {f"{PREFIX}cover": "Edda Editor"})
    assert "Edda Editor" in page(as_user(owner), "/people/reader/")
    with within(acme):
        User.objects.get(pk=editor.pk).delete()
    assert "Cover" not in page(as_user(owner), "/people/reader/")


def test_fields_and_values_stay_in_their_organisation(acme, globex, as_user, define, owner, reader):
    with within(globex):
        changes.define(actor=User.objects.get(username="owner"), field=Field(label="Globex only", is_column=True))
        profile = User.objects.get(username="reader").profile
        changes.fill_in(actor=profile.user, profile=profile, values={"globex_only": "planted"})
    for path in ("/people/", "/people/reader/", "/settings/fields/", "/people/?q=planted"):
        assert "Globex only" not in page(as_user(owner), path)
        assert "planted" not in page(as_user(owner), path).replace('value="planted"', "").replace("q=planted", "")


def test_every_type_has_a_form_field():
    from profiles.custom_fields.kinds import form_field

    assert all(form_field(Field(label="X", kind=kind)) for kind in Kind.values)


def test_colleagues_are_suggested_while_a_name_is_typed(define, as_user, reader, gone):
    define("Boss", "person")
    rita = as_user(reader)
    page = rita.get("/people/reader/edit/").content.decode()
    assert 'list="id_custom_fields-values-boss-people"' in page
    assert '<datalist id="id_custom_fields-values-boss-people">' in page
    assert '<option value="editor">Edda Editor</option>' in rita.get("/suggest/people/?x=edd").content.decode()
    for typed in ("", "gregor", "editor@acme", "\0"):
        assert "<option" not in rita.get("/suggest/people/", {"x": typed}).content.decode()
