"""An organisation's settings: name, address, logo."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from profiles.models import HandOff, User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Domain, Tenant
from tenants.organisations.rename import rename
from tenants.serving import hosts
from tenants.storage import NOT_STORED
from tests.profiles.pictures.made import RED, photograph, quarters, saved, srgb_profile


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def save(as_user, django_capture_on_commit_callbacks):
    """Send the form, with what acme has but for what is given."""

    def send(user: User, **values: object):
        with django_capture_on_commit_callbacks(execute=True):
            browser = as_user(user).give_password()
            return browser.post("/settings/", {"name": "Acme", "slug": "acme", **values})

    return send


def acme_now() -> Tenant:
    return Tenant.objects.get(pk=Domain.objects.get(domain="acme.localhost").tenant_id)


def upload(data: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def wide(width: int = 1200, height: int = 300) -> bytes:
    return saved(Image.new("RGB", (width, height), RED), "PNG")


def colour(picture: Image.Image, at: tuple[int, int]) -> str:
    """What a pixel of the quarters, or of anything red, has become."""
    red, green, blue = picture.convert("RGB").crop((*at, at[0] + 1, at[1] + 1)).tobytes()
    if min(red, green, blue) > 200:
        return "white"
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


def logos(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.glob("*/logo/*"))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["reader", "editor"])
def test_those_who_do_not_manage_cannot(as_user, request, role, method):
    browser = as_user(request.getfixturevalue(role))
    response = getattr(browser, method)("/settings/", {"name": "Mine", "slug": "mine"})
    assert response.status_code == 403
    assert acme_now().name == "Acme"


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_managers_may(save, request, role):
    response = save(request.getfixturevalue(role), name=" Acme  Rockets ")
    assert (response.status_code, response.url) == (302, "/settings/")
    assert acme_now().name == "Acme Rockets"


def test_page_shows_what_is_set(as_user, owner):
    html = as_user(owner).get("/settings/").content.decode()
    assert 'value="Acme"' in html
    assert 'value="acme"' in html
    assert ".localhost:8000" in html


def test_organisation_next_door_keeps_its_name(save, owner, globex):
    save(owner, name="Renamed")
    globex.refresh_from_db()
    assert globex.name == "Globex"


def test_all_errors_are_shown_at_once_and_nothing_is_saved(save, owner, media):
    response = save(owner, name=" ", slug="www", logo=upload(b"no picture"))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"name", "slug", "logo"}
    assert 'value="www"' in response.content.decode()
    assert acme_now().name == "Acme"
    assert logos(media) == []


def test_one_change_of_the_address_too_many_is_refused_in_the_form(acme, save, owner, settings):
    settings.LIMITS = settings.LIMITS | {"rename": {"organisation": (1, 60)}}
    rename(acme, slug="acme")
    response = save(owner, slug="apex", name="Apex")
    assert "Try again tomorrow" in response.context["form"].errors["slug"][0]
    assert (acme_now().slug, acme_now().name) == ("acme", "Acme")


@pytest.mark.parametrize(
    ("slug", "word"), [("globex", "taken"), ("g1obex", "taken"), ("admin", "reserved"), ("a b c", "spaces")]
)
def test_address_is_checked_as_in_sign_up(save, owner, globex, slug, word):
    response = save(owner, slug=slug, name="Changed")
    assert word in response.context["form"].errors["slug"][0]
    assert (acme_now().slug, acme_now().name) == ("acme", "Acme")


def test_member_who_changes_the_address_is_carried_to_it(save, owner):
    response = save(owner, slug="apex", name="Apex")
    assert response.status_code == 302
    assert response.url.startswith("http://apex.localhost:8000/hand-off/")
    browser = SiteClient(acme_now())
    landed = browser.get(urlsplit(response.url).path, follow=True)
    assert landed.redirect_chain == [("/", 302)]
    assert "You are signed in at apex.localhost" in landed.content.decode()
    with within(browser.tenant):
        assert browser.session[SESSION_KEY] == str(owner.pk)


def test_session_at_the_old_address_ends(save, owner, acme):
    save(owner, slug="apex")
    with within(acme):
        assert not Session.objects.exists()


def test_old_address_leads_to_the_new_one(save, owner, visitor):
    save(owner, slug="apex")
    assert visitor.get("/people/").url == "http://apex.localhost:8000/people/"


def test_address_typed_in_capitals_is_no_change(save, owner, acme):
    assert save(owner, slug="ACME").url == "/settings/"
    with within(acme):
        assert HandOff.objects.filter(user=owner).count() == 1  # the one from sign-up


def test_old_address_can_be_taken_back(acme, save, owner):
    save(owner, slug="apex")
    hosts.clear()
    browser = SiteClient(acme_now()).sign_in(owner).give_password()
    response = browser.post("/settings/", {"name": "Acme", "slug": "acme"})
    assert response["Location"].startswith("http://acme.localhost:8000/hand-off/")


def test_a_logo_that_cannot_be_stored_is_said_and_nothing_is_saved(save, owner, media, acme):
    """A file is where the folder would be; the address, changed by the same form, stays as well."""
    (media / acme.schema_name).write_text("in the way")
    page = save(owner, name="Acme Rockets", slug="rockets", logo=upload(wide()))
    assert page.context["form"].errors == {"logo": [NOT_STORED]}
    assert 'value="rockets"' in page.text
    assert (acme_now().name, acme_now().slug, acme_now().domain) == ("Acme", "acme", "acme.localhost")
    assert save(owner, name="Acme Works").url == "/settings/"


def test_logo_keeps_its_shape_within_the_bound(save, owner, media):
    save(owner, logo=upload(wide()))
    (name,) = logos(media)
    with Image.open(media / name) as logo:
        assert (logo.format, logo.size) == ("WEBP", (512, 128))
        assert colour(logo, (256, 64)) == "red"


def see_through(kind: str, **options: Any) -> bytes:
    """A red bar between transparent ones, whose pixels would be green."""
    image = Image.new("RGBA", (120, 60), (0, 255, 0, 0))
    image.paste((*RED, 255), (40, 0, 80, 60))
    return saved(image, kind, **options)


@pytest.mark.parametrize(
    "data",
    [
        see_through("PNG"),
        see_through("PNG", icc_profile=srgb_profile()),
        see_through("WEBP", lossless=True, exact=True),
        saved(Image.open(io.BytesIO(see_through("PNG"))).quantize(8), "PNG"),
    ],
    ids=["PNG", "PNG with a profile", "WebP", "palette"],
)
def test_what_is_transparent_in_a_logo_stays_so_and_hides_nothing(save, owner, media, data):
    save(owner, logo=upload(data))
    with Image.open(media / logos(media)[0]) as logo:
        assert logo.mode == "RGBA"
        assert logo.getpixel((5, 5)) == (0, 0, 0, 0)
        assert logo.getchannel("A").getpixel((60, 30)) == 255
        assert colour(logo, (60, 30)) == "red"


def test_pages_and_mails_leave_room_for_a_wide_logo(save, owner, visitor, acme, run_jobs, mailoutbox):
    save(owner, logo=upload(wide()))
    logo = f'src="{acme_now().logo.url}" alt="" width="128" height="32"'
    page = visitor.get("/account/login/").content.decode()
    assert logo in page
    assert "mark.svg" in page  # A sliver is no icon.
    visitor.post("/account/password/reset/", {"email": "owner@acme.example"})
    run_jobs()
    mail = mailoutbox[-1].alternatives[0].content
    assert f'src="http://acme.localhost:8000{acme_now().logo.url}"' in mail


def test_a_logo_that_is_nearly_square_is_the_icon_of_the_tab(save, owner, visitor):
    save(owner, logo=upload(wide(300, 280)))
    assert f'<link rel="icon" href="{acme_now().logo.url}"' in visitor.get("/account/login/").content.decode()


def test_small_logo_is_not_enlarged(save, owner, media):
    save(owner, logo=upload(wide(40, 90)))
    with Image.open(media / logos(media)[0]) as logo:
        assert logo.size == (40, 90)


@pytest.mark.parametrize(("size", "stored"), [((16_000, 2), (512, 1)), ((3, 5000), (1, 512)), ((1, 1), (1, 1))])
def test_logo_of_any_shape_fits(save, owner, media, size, stored):
    save(owner, logo=upload(wide(*size)))
    with Image.open(media / logos(media)[0]) as logo:
        assert logo.size == stored


def test_all_of_the_logo_is_there(save, owner, media):
    save(owner, logo=upload(saved(quarters(side=3001), "PNG")))
    with Image.open(media / logos(media)[0]) as logo:
        corners = [colour(logo, at) for at in ((5, 5), (506, 5), (5, 506), (506, 506))]
    assert corners == ["red", "green", "blue", "white"]


def test_logo_carries_no_metadata_and_stands_upright(save, owner, media):
    save(owner, logo=upload(photograph(orientation=6), "logo.jpg"))
    data = (media / logos(media)[0]).read_bytes()
    assert b"Spyglass" not in data
    with Image.open(io.BytesIO(data)) as logo:
        assert not logo.getexif()
        assert colour(logo, (100, 20)) == "red"  # from the left, where the telephone had it


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"<svg/>", "not a JPEG"),
        (b"\x89PNG\r\n\x1a\nxx", "damaged"),
        (b"x" * 10_000_001, "10 MB"),
    ],
)
def test_file_that_is_no_picture_says_why(save, owner, media, data, word):
    response = save(owner, logo=upload(data), name="Changed")
    assert word in response.context["form"].errors["logo"][0]
    assert acme_now().name == "Acme"
    assert logos(media) == []


def test_visitor_sees_the_logo(save, owner, visitor):
    save(owner, logo=upload(wide()))
    address = acme_now().logo.url
    assert address in visitor.get("/account/login/").content.decode()
    response = visitor.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"".join(response.streaming_content).startswith(b"RIFF")


def test_logo_is_not_to_be_had_at_another_organisations_address(save, owner, globex):
    save(owner, logo=upload(wide()))
    assert SiteClient(globex).get(acme_now().logo.url).status_code == 404


@pytest.mark.parametrize(
    "path", ["/logo/00000000-0000-4000-8000-000000000000.webp", "/logo/x.webp", "/logo/..%2f..%2fx.webp"]
)
def test_logo_that_is_none_is_not_found(visitor, path):
    assert visitor.get(path).status_code in (302, 404)


def test_replaced_logo_leaves_the_disk(save, owner, media):
    save(owner, logo=upload(wide()))
    first = logos(media)
    save(owner, logo=upload(wide()))
    assert len(logos(media)) == 1
    assert logos(media) != first


def test_logo_can_be_removed(save, owner, media):
    save(owner, logo=upload(wide()))
    save(owner, **{"logo-clear": "on"})
    assert acme_now().logo.name == ""
    assert logos(media) == []


def test_logo_stays_when_something_else_is_changed(save, owner, media):
    save(owner, logo=upload(wide()))
    save(owner, name="Acme Rockets")
    assert len(logos(media)) == 1
    assert acme_now().logo.name


def test_new_logo_leaves_the_disk_when_the_change_fails(acme, media):
    from django.db import transaction

    from profiles.pictures.logos import keep_logo

    def fail() -> None:
        with within(acme), transaction.atomic():
            keep_logo(wide())
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert logos(media) == []
    assert acme_now().logo.name == ""


@pytest.mark.parametrize(
    "body",
    [
        {"data": b"\xff", "content_type": "application/json"},
        {"data": {}},
        {"data": {"name": "nul \0", "slug": "nul\0", "logo": "no file"}},
        {"data": {"name": "x" * 900_000, "slug": "x" * 90_000}},
    ],
)
def test_nonsense_is_answered_and_not_tripped_over(as_user, owner, body):
    assert as_user(owner).post("/settings/", **body).status_code == 200


def test_queries(as_user, owner, django_assert_num_queries):
    browser = as_user(owner)
    browser.get("/settings/")
    with django_assert_num_queries(2):  # session, viewer
        browser.get("/settings/")
