"""The form for one's own profile, which no one else may open."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from guardian.shortcuts import remove_perm

from profiles.models import Profile, User
from profiles.people.forms import ProfileForm
from profiles.people.time_zones import time_zone_choices
from profiles.testing import SiteClient
from profiles.testing.queries import Page, numbers
from tenants.context import within
from tenants.storage import NOT_STORED
from tests.profiles.pictures.made import photograph

PATH = "/people/reader/edit/"
TOMORROW = str(timezone.localdate() + timedelta(days=1))
NO_PHONE = "This is not a phone number. Enter it with its country code, such as +49 30 901820."
NO_LETTERS = "A phone number has only digits, and signs between them."
NO_EXTENSION = "We do not store extensions. Enter the number without it."
FILLED = {
    "first_name": "Rita",
    "last_name": "Leser",
    "pronouns": "she/her",
    "bio": "I read.",
    "location": "Lisbon",
    "time_zone": "Europe/Lisbon",
    "birth_date": "1990-03-07",
    "phone": "+49 30 901820",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rita(as_user, reader):
    """A browser where Rita, the reader, is signed in."""
    return as_user(reader)


@pytest.fixture
def stored(acme, reader):
    """Rita's profile as it is in the database now."""

    def load() -> Profile:
        with within(acme):
            return Profile.objects.select_related("user").get(user=reader)

    return load


def upload(data: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["form"].errors


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
        ("time_zone", "Mars", "Choose an option from the list. “Mars” is not one of them."),
        ("time_zone", "", "This field is required."),
        ("bio", "x" * 2001, "Use at most 2000 characters. This has 2001."),
        ("first_name", "x" * 151, "Use at most 150 characters. This has 151."),
        ("last_name", "a\0b", "This text has a character that cannot be saved. Please type it again."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(rita, stored, field, value, message):
    response = rita.post(PATH, FILLED | {field: value})
    assert errors(response) == {field: [message]}
    assert stored().user.last_name == "Reader"


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


def test_photo_comes_with_the_rest_and_goes_by_a_tick(rita, stored):
    rita.post(PATH, FILLED | {"photo": upload(photograph())})
    photo_url = stored().photo_url(64)
    assert photo_url.startswith("/photos/")
    assert photo_url in rita.get("/people/").content.decode()
    assert "Remove current photo" in rita.get(PATH).content.decode()
    rita.post(PATH, FILLED | {"photo-clear": "on"})
    assert stored().photo_url() == "/people/reader/initials.svg"
    assert "Remove current photo" not in rita.get(PATH).content.decode()


def test_photo_stays_when_none_is_chosen(rita, stored):
    rita.post(PATH, FILLED | {"photo": upload(photograph())})
    before = stored().photo.name
    rita.post(PATH, FILLED)
    assert stored().photo.name == before != ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<svg/>", "This file is not a JPEG, PNG, WebP, GIF, HEIC or AVIF picture."),
        (b"", "This file is empty. Choose another one."),
        (photograph()[:-100], "This picture is damaged or incomplete. Save it again, or choose another one."),
    ],
)
def test_what_is_no_picture_is_said_at_the_photo(rita, stored, media, data, message):
    response = rita.post(PATH, FILLED | {"photo": upload(data)})
    assert errors(response) == {"photo": [message]}
    assert stored().bio == ""
    assert not list(media.rglob("*.webp"))


@pytest.mark.parametrize(
    "name", ["../../../evil.png", "/etc/passwd", "..\\\\evil.exe", "a.php", "x" * 300, ".htaccess"]
)
def test_name_and_type_of_the_file_are_not_looked_at(rita, media, name):
    head = f'--x\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
    rest = b'\r\n--x\r\nContent-Disposition: form-data; name="time_zone"\r\n\r\nUTC\r\n--x--\r\n'
    body = head.encode() + photograph() + rest
    assert rita.post(PATH, body, content_type="multipart/form-data; boundary=x").status_code == 302
    kept = [path.name for path in media.rglob("*") if path.is_file()]
    assert sorted(kept) == ["256.webp", "512.webp", "64.webp"]


def test_photo_of_too_many_bytes_is_refused(rita, settings):
    settings.PHOTO_MAX_BYTES = 1000
    response = rita.post(PATH, FILLED | {"photo": upload(photograph())})
    assert errors(response) == {"photo": ["The file is too large. It can have up to 0.001 MB."]}


def test_new_photo_and_removing_it_contradict(rita):
    rita.post(PATH, FILLED | {"photo": upload(photograph())})
    response = rita.post(PATH, FILLED | {"photo": upload(photograph()), "photo-clear": "on"})
    assert errors(response) == {
        "photo": ["You chose a new photo and also to remove the current one. Choose only one of them."]
    }


def test_photo_is_asked_for_again_when_something_else_is_wrong(rita, media):
    response = rita.post(PATH, FILLED | {"photo": upload(photograph()), "phone": "12"})
    assert set(errors(response)) == {"phone"}
    assert "choose the photo again" in response.content.decode()
    assert not list(media.rglob("*.webp"))


def test_nothing_is_saved_when_the_photo_cannot_be(rita, stored, settings, media):
    settings.FILE_UPLOAD_PERMISSIONS = "not a mode"  # The storage fails after it has written the first file.
    with pytest.raises(TypeError):
        rita.post(PATH, FILLED | {"photo": upload(photograph())})
    assert (stored().bio, stored().user.last_name) == ("", "Reader")
    assert not list(media.rglob("*.webp"))


def test_photo_chosen_in_another_tab_stays(rita, stored, acme, reader):
    with within(acme):
        stale = Profile.objects.get(user=reader)
    rita.post(PATH, FILLED | {"photo": upload(photograph())})
    with within(acme):
        form = ProfileForm(FILLED | {"bio": "Newer"}, {}, instance=stale)
        assert form.is_valid()
        form.save()
    assert stored().bio == "Newer"
    assert stored().photo.name


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


def test_a_photo_that_cannot_be_stored_is_said_and_the_form_kept(rita, acme, media, stored, caplog):
    """By a disk that is full or cannot be written; here a file is where the folder would be, which stops root too."""
    (media / acme.schema_name).write_text("in the way")
    page = rita.post(PATH, FILLED | {"first_name": "Margarita", "photo": upload(photograph())})
    assert errors(page)["photo"] == [str(NOT_STORED)]
    assert 'value="Margarita"' in page.text
    assert "could not be written" in caplog.text
    assert (stored().photo, stored().user.first_name) == ("", "Rita")


@pytest.mark.parametrize("typed", ["+49 (30) 901-820", "tel:+49-30-901820", "+49.30.901820", "0049 30 901820"])
def test_signs_between_digits_are_free(rita, stored, typed):
    response = rita.post(PATH, FILLED | {"phone": typed})
    if typed.startswith("00"):  # The member's country decides what 00 means.
        assert errors(response) == {"phone": [NO_PHONE]}
    else:
        assert str(stored().phone) == "+49 30 901820"
