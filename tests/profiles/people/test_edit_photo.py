"""The photo in the form for one's own profile."""

import pytest

from profiles.models import Profile
from profiles.people.forms import ProfileForm
from tenants.context import within
from tenants.storage import NOT_STORED
from tests.daily import part_each_day
from tests.profiles.people.editing import FILLED, PATH, errors, upload
from tests.profiles.pictures.made import photograph


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
    "name", part_each_day(["../../../evil.png", "/etc/passwd", "..\\\\evil.exe", "a.php", "x" * 300, ".htaccess"])
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


def test_a_photo_that_cannot_be_stored_is_said_and_the_form_kept(rita, acme, media, stored, caplog):
    """By a disk that is full or cannot be written; here a file is where the folder would be, which stops root too."""
    (media / acme.schema_name).write_text("in the way")
    page = rita.post(PATH, FILLED | {"first_name": "Margarita", "photo": upload(photograph())})
    assert errors(page)["photo"] == [str(NOT_STORED)]
    assert 'value="Margarita"' in page.text
    assert "could not be written" in caplog.text
    assert (stored().photo, stored().user.first_name) == ("", "Rita")
