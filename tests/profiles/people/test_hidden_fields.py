"""Rita hides fields of her profile. No page, search or answer of the API shows them to those who may not see them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from profiles.models import Profile, User
from profiles.models.profile import HIDEABLE
from profiles.people.shown import sees
from profiles.testing import needs
from profiles.testing.matrix import World, table
from tenants.context import public, within
from tests.daily import part_each_day

LOCATION, PRONOUNS, PHONE, BORN = "Markedville", "xe/marked-xem", "+4930901877", date(1971, 3, 29)
SECRETS = (LOCATION, PRONOUNS, "901877", "1971", "29 March", "03-29")


@pytest.fixture
def rita(acme, reader):
    """Rita, whose profile has a marked value in each field that can be hidden."""
    with within(acme):
        profile = Profile.objects.get(user=reader)
        values = {"location": LOCATION, "pronouns": PRONOUNS, "phone": PHONE, "birth_date": BORN, "time_zone": "UTC"}
        for name, value in values.items():
            setattr(profile, name, value)
        profile.save()
    return reader


def let_see(acme, rita, audience: str) -> None:
    with within(acme):
        Profile.objects.filter(user=rita).update(**{f"{name}_seen_by": audience for name in HIDEABLE})


def seen(world: World, browser, *, part: int) -> set[str]:
    """The secrets on a third of the pages that the viewer may open, and on the pages of searches for them."""
    paths = [world.path(site, name) for site, name, method, _ in table() if site == "organisation" and method == "GET"]
    searches = [f"/people/?q={word}" for word in ("markedville", "xem", "901877")]
    found = set()
    for path in paths[part::3]:
        with transaction.atomic():
            response = browser.get(path)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            found |= {secret for secret in SECRETS if secret in content.decode(errors="replace")}
            transaction.set_rollback(True)
    for path in searches:
        rows = browser.get(path).context["page"].rows
        found |= {path} if rita_in(rows) else set()
    return found


def rita_in(rows) -> bool:
    return any(member.username == "reader" for member in rows)


@pytest.mark.parametrize("part", part_each_day(range(3)))
@pytest.mark.parametrize(
    ("who", "audience"), [("editor", "managers"), pytest.param("owner", "self", marks=pytest.mark.slow)]
)
def test_no_page_and_no_search_shows_what_is_hidden(acme, as_user, rita, request, who, audience, part):
    world, browser = World(acme), as_user(request.getfixturevalue(who))
    assert LOCATION in browser.get("/people/").content.decode()
    page = browser.get("/people/reader/").content.decode()
    assert {LOCATION, PRONOUNS, "29 March"} <= {secret for secret in SECRETS if secret in page}
    assert rita_in(browser.get("/people/?q=markedville").context["page"].rows)
    let_see(acme, rita, audience)
    assert seen(world, browser, part=part) == set()


@needs("profiles.api")
@pytest.mark.parametrize(
    ("who", "audience"), [("editor", "managers"), pytest.param("owner", "self", marks=pytest.mark.slow)]
)
def test_no_answer_of_the_api_has_what_is_hidden(acme, rita, request, who, audience):
    from profiles.api.changes import Wishes, issue
    from tests.profiles.api.conftest import Program

    viewer = request.getfixturevalue(who)
    with within(acme):
        program = Program(acme, issue(member=viewer, wishes=Wishes("Script", ["write"]))[1])
    paths = ["/people", "/people/reader", "/people?q=markedville", "/members", "/members/reader", "/me"]

    def answers() -> str:
        return "".join(program.call("GET", path).content.decode() for path in paths)

    assert {LOCATION, PRONOUNS, "901877", "03-29"} <= {secret for secret in SECRETS if secret in answers()}
    let_see(acme, rita, audience)
    assert [secret for secret in SECRETS if secret in answers()] == []
    assert program.call("GET", "/people?q=markedville").told["items"] == []


@needs("profiles.exports")
def test_own_data_have_all_of_it(acme, as_user, rita):
    let_see(acme, rita, "self")
    page = as_user(rita).get("/people/reader/").content.decode()
    assert LOCATION in page
    assert PRONOUNS in page


def test_member_chooses_in_the_form_and_sees_it_as_others_do(acme, as_user, rita, editor):
    browser = as_user(rita)
    form = browser.get("/people/reader/edit/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "photo"}
    browser.post("/people/reader/edit/", typed | {"location_seen_by": "self", "phone_seen_by": "managers"})
    with within(acme):
        profile = Profile.objects.get(user=rita)
        assert (profile.location_seen_by, profile.phone_seen_by) == ("self", "managers")
        assert User.objects.get(pk=rita.pk).place == ""
    as_others = {role: browser.get(f"/people/reader/?as={role}").content.decode() for role in ("editor", "admin")}
    assert LOCATION not in as_others["editor"] + as_others["admin"]
    assert ("901877" in as_others["editor"], "901877" in as_others["admin"]) == (False, True)
    assert LOCATION in browser.get("/people/reader/?as=owner").content.decode(), "That is not offered."
    # Of others' pages one cannot ask it.
    assert "alert--info" not in as_user(editor).get("/people/reader/?as=admin").content.decode()


def test_organisation_says_who_sees_it_at_most(acme, as_user, rita, owner, editor, run_jobs):
    asked = {"location": "managers", "pronouns": "everyone", "birth_date": "self", "phone": "everyone"}
    assert as_user(owner).post("/settings/privacy/", asked).status_code == 302
    page = as_user(editor).get("/people/reader/").content.decode()
    assert LOCATION not in page
    assert "29 March" not in page
    assert PRONOUNS in page
    run_jobs()
    assert not rita_in(as_user(editor).get("/people/?q=markedville").context["page"].rows)
    choices = as_user(rita).get("/people/reader/edit/").context["form"].fields["location_seen_by"].choices
    assert [value for value, _label in choices] == ["managers", "self"]
    refused = as_user(rita).post("/people/reader/edit/", {"time_zone": "UTC", "location_seen_by": "everyone"})
    assert "location_seen_by" in refused.context["form"].errors


def test_choice_of_an_organisation_is_its_own(acme, globex, rita):
    with public():
        type(globex).objects.filter(pk=globex.pk).update(audiences={"location": "self"})
    with within(acme):
        profile = Profile.objects.get(user=rita)
        assert sees(User(pk=0, role="reader"), profile, "location")


def test_tables_refuse_an_unknown_audience(acme, rita):
    for wrong in ({"phone": "friends"}, ["self"], "self", {"phone": {"a": "self"}}):
        with public(), pytest.raises(IntegrityError), transaction.atomic():
            type(acme).objects.filter(pk=acme.pk).update(audiences=wrong)
    for name in HIDEABLE:
        with within(acme), pytest.raises(IntegrityError), transaction.atomic():
            Profile.objects.filter(user=rita).update(**{f"{name}_seen_by": "friends"})


def test_hidden_location_stays_hidden_whatever_is_saved(acme, rita):
    """Of the trigger, also where Django writes the place that it knows."""
    let_see(acme, rita, "managers")
    with within(acme):
        assert User.objects.get(pk=rita.pk).place == ""
        User.objects.filter(pk=rita.pk).update(place=F("username"))
        assert User.objects.get(pk=rita.pk).place == ""
        let_see(acme, rita, "everyone")
        assert User.objects.get(pk=rita.pk).place == LOCATION
