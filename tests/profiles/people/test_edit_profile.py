"""The form for one's own profile, which no one else may open."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from guardian.shortcuts import remove_perm

from profiles.models import Profile, User
from profiles.people.time_zones import time_zone_choices
from profiles.testing import SiteClient
from profiles.testing.queries import Page, numbers
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.people.editing import FILLED, PATH, errors

TOMORROW = str(timezone.localdate() + timedelta(days=1))
NO_PHONE = "This is not a phone number. Enter it with its country code, such as +49 30 901820."
NO_LETTERS = "A phone number has only digits, and signs between them."
NO_EXTENSION = "We do not store extensions. Enter the number without it."


def test_owner_of_the_profile_changes_everything(rita, stored):
    response = rita.post(PATH, FILLED, follow=True)
    assert response.redirect_chain == [("/people/reader/", 302)]
    assert "Your profile was saved." in response.content.decode()
    profile = stored()
    assert profile.user.name == "Rita Leser"
    assert (profile.pronouns, profile.bio, profile.location) == ("she/her", "I read.", "Lisbon")
    assert (profile.time_zone, profile.birth_date, str(profile.phone)) == (
        "Europe/Lisbon",
        date(1990, 3, 7),
        "+49 30 901820",
    )


def test_form_shows_what_is_stored(rita):
    rita.post(PATH, FILLED)
    page = rita.get(PATH).content.decode()
    for value in ("Leser", "1990-03-07", "+49 30 901820", '<option value="Europe/Lisbon" selected>'):
        assert value in page


def test_all_but_the_time_zone_may_be_empty(rita, stored):
    rita.post(PATH, FILLED)
    rita.post(PATH, {"time_zone": "UTC"})
    profile = stored()
    assert profile.user.name == "reader"
    assert (profile.bio, profile.birth_date, profile.phone) == ("", None, "")


@pytest.mark.parametrize("username", ["owner", "admin", "editor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_one_else_may_edit_it(as_user, acme, stored, username, method):
    with within(acme):
        other = User.objects.get(username=username)
    response = getattr(as_user(other), method)(PATH, FILLED)
    assert response.status_code == 403
    assert "Only its owner can change a profile." in response.content.decode()
    assert stored().bio == ""


def test_visitor_is_sent_to_sign_in(visitor, stored):
    for response in (visitor.get(PATH), visitor.post(PATH, FILLED)):
        assert response["Location"] == f"/account/login/?next={PATH}"
    assert stored().bio == ""


def test_same_person_of_another_organisation_is_sent_to_sign_in(visitor, globex, stored):
    with within(globex):
        theirs = User.objects.get(username="reader")
    visitor.cookies = SiteClient(globex).sign_in(theirs).cookies
    assert visitor.post(PATH, FILLED).status_code == 302
    assert stored().bio == ""


def test_profile_next_door_is_not_touched(rita, globex):
    rita.post(PATH, FILLED)
    with within(globex):
        assert User.objects.get(username="reader").last_name == "Reader"
        assert not Profile.objects.exclude(bio="").exists()


@pytest.mark.parametrize("username", ["nobody", "gone", "%00"])
def test_whom_one_may_not_see_one_does_not_find_here_either(rita, username):
    assert rita.get(f"/people/{username}/edit/").status_code == 404


def test_guardian_decides_and_not_who_is_who(rita, reader, acme):
    with within(acme):
        remove_perm("profiles.change_profile", reader, reader.profile)
    assert rita.get(PATH).status_code == 403


def test_no_one_becomes_owner_by_a_field_that_is_not_offered(rita, stored):
    rita.post(PATH, FILLED | {"role": "owner", "is_staff": "on", "user": "1", "username": "boss"})
    user = stored().user
    assert (user.role, user.is_staff, user.username) == ("reader", False, "reader")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    part_each_day(
        [
            ("birth_date", TOMORROW, "This date is in the future. Enter your date of birth."),
            ("birth_date", "1800-01-01", "This is more than 120 years ago. Check the year."),
            ("birth_date", "yesterday", "Enter a valid date."),
            ("phone", "030 901820", NO_PHONE),
            ("phone", "+49 1", NO_PHONE),
            ("phone", "+49 30 901867 ab", NO_LETTERS),
            ("phone", "+1 800 FLOWERS", NO_LETTERS),
            ("phone", "+49 30 901820 ext. 12", NO_EXTENSION),
            ("phone", "+49 30 901820 x12", NO_EXTENSION),
            ("phone", "tel:+49-30-901820;ext=12", NO_EXTENSION),
            ("phone", "+49 30 12345, 1", NO_EXTENSION),
            ("phone", "+49 30 12345~1", NO_EXTENSION),
            ("phone", "+49 30 12345;1", NO_EXTENSION),
            ("phone", "+49 30 12345 \uff03 1", NO_EXTENSION),
            ("phone", "+49 30 901820, 123456", NO_EXTENSION),  # more than 20 characters, as the parser writes it
            ("time_zone", "Mars", "Choose an option from the list. “Mars” is not one of them."),
            ("time_zone", "", "This field is required."),
            ("bio", "x" * 2001, "Use at most 2000 characters. This has 2001."),
            ("first_name", "x" * 151, "Use at most 150 characters. This has 151."),
            ("last_name", "a\0b", "This text has a character that cannot be saved. Please type it again."),
        ]
    ),
)
def test_what_is_wrong_is_said_at_its_field(rita, stored, field, value, message):
    response = rita.post(PATH, FILLED | {field: value})
    assert errors(response) == {field: [message]}
    assert stored().user.last_name == "Reader"


@pytest.mark.parametrize("typed", ["+49 30 12345, 1", "+49 30 12345~1", "+49 30 12345 ext. 1"])
def test_no_extension_is_dropped_outside_the_form_either(acme, reader, typed):
    with within(acme):
        profile = reader.profile
        profile.phone = typed
        with pytest.raises(ValidationError, match="extensions"):
            profile.full_clean()


def test_all_errors_show_at_once_and_what_was_typed_stays(rita):
    response = rita.post(PATH, FILLED | {"birth_date": "2999-01-01", "phone": "12", "bio": "Kept words"})
    assert set(errors(response)) == {"birth_date", "phone"}
    page = response.content.decode()
    for text in ("Kept words", "2999-01-01", 'value="12"', "Please fix these fields"):
        assert text in page


def test_a_megabyte_of_text_is_refused(rita):
    assert rita.post(PATH, FILLED | {"bio": "x" * 1_100_000}).status_code == 413


def test_another_content_type_changes_nothing(rita, stored):
    response = rita.post(PATH, b'{"bio": "x"}', content_type="application/json")
    assert errors(response) == {"time_zone": ["This field is required."]}
    assert stored().user.last_name == "Reader"


def test_time_zone_that_is_not_offered_any_more_can_be_kept(rita, stored, acme):
    with within(acme):
        Profile.objects.update(time_zone="US/Eastern")
    assert '<option value="US/Eastern" selected>' in rita.get(PATH).content.decode()
    rita.post(PATH, FILLED | {"time_zone": "US/Eastern"})
    assert stored().time_zone == "US/Eastern"


def test_time_zones_are_grouped_and_found_by_their_city():
    choices = dict(time_zone_choices("UTC"))
    assert ("Europe/Berlin", "Berlin") in choices["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Buenos Aires (Argentina)") in choices["America"]
    assert [label for _, label in choices["Asia"]] == sorted(label for _, label in choices["Asia"])


def test_number_of_queries(rita, django_assert_num_queries):
    """Session, viewer, member with profile, and the viewer's permissions on it."""
    rita.get(PATH)
    # More where a product has fields of its own.
    with django_assert_num_queries(numbers()[Page("organisation", "edit_profile(owner)")]):
        rita.get(PATH)


@pytest.mark.parametrize("typed", ["+49 (30) 901-820", "tel:+49-30-901820", "+49.30.901820", "0049 30 901820"])
def test_signs_between_digits_are_free(rita, stored, typed):
    response = rita.post(PATH, FILLED | {"phone": typed})
    if typed.startswith("00"):  # The member's country decides what 00 means.
        assert errors(response) == {"phone": [NO_PHONE]}
    else:
        assert str(stored().phone) == "+49 30 901820"
