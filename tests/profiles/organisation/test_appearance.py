"""An organisation's appearance: its colour, its logo, and the text on its sign-in page."""

import io
from typing import Any

import pytest
from django.db import IntegrityError
from PIL import Image

from profiles.models import OutgoingMail
from profiles.organisation.greeting import greet
from profiles.testing import SiteClient
from shared.colours import look
from tenants.context import public, within
from tenants.models import Tenant
from tenants.storage import NOT_STORED
from tests.profiles.organisation.uploads import acme_now, logos, upload, wide
from tests.profiles.pictures.made import RED, photograph, quarters, saved, srgb_profile


def colour(picture: Image.Image, at: tuple[int, int]) -> str:
    """What a pixel of the quarters, or of anything red, has become."""
    red, green, blue = picture.convert("RGB").crop((*at, at[0] + 1, at[1] + 1)).tobytes()
    if min(red, green, blue) > 200:
        return "white"
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


def test_a_logo_that_cannot_be_stored_is_said_and_nothing_is_saved(save, owner, media, acme):
    """A file is where the folder would be; the colour, changed by the same form, stays as well."""
    (media / acme.schema_name).write_text("in the way")
    page = save(owner, accent="#2456b8", logo=upload(wide()))
    assert page.context["form"].errors == {"logo": [NOT_STORED]}
    assert acme_now().accent == ""
    assert save(owner, accent="#2456b8").url == "/settings/appearance/"


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
    response = save(owner, logo=upload(data), accent="#2456b8")
    assert word in response.context["form"].errors["logo"][0]
    assert acme_now().accent == ""
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
    save(owner, accent="#2456b8")
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


def test_colour_is_kept_and_its_style_sheet_is_on_every_page(save, as_user, owner, visitor):
    save(owner, accent="#b3382c")
    for browser in (as_user(owner), visitor):
        assert "/look/1-b3382c.css" in browser.get("/account/login/", follow=True).text
    sheet = visitor.get("/look/1-b3382c.css")
    assert (sheet["Content-Type"], sheet["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    assert "--accent: light-dark(#" in sheet.text


def test_own_colour_is_kept_in_lower_case(save, owner):
    save(owner, accent="own", own_accent="#FF69B4")
    assert acme_now().accent == "#ff69b4"


@pytest.mark.parametrize("own", ["", "red", "#12345", "#1234567", "#ff69b4;}"])
def test_what_is_no_colour_is_refused(save, owner, own):
    response = save(owner, accent="own", own_accent=own)
    assert response.status_code == 200
    assert "own_accent" in response.context["form"].errors
    assert acme_now().accent == ""


def test_table_refuses_what_is_no_colour(acme):
    with pytest.raises(IntegrityError), public():
        Tenant.objects.filter(pk=acme.pk).update(accent="red")


def test_without_a_colour_there_is_no_style_sheet_to_be_asked_for(visitor):
    assert "/look/" not in visitor.get("/account/login/").text


def test_mail_has_the_colour_where_it_can_be_read(save, owner):
    save(owner, accent="own", own_accent="#ffff00")
    with within(acme_now()):
        greet(owner)
        html = OutgoingMail.objects.latest("pk").html
    assert look("#ffff00").light.accent in html
    assert "#ffff00" not in html


def test_visitors_read_the_text_of_the_sign_in_page(as_user, owner, visitor):
    as_user(owner).post("/settings/sign-in/", {"sign_in_text": "Ask <b>Olga</b>."})
    assert "Ask &lt;b&gt;Olga&lt;/b&gt;." in visitor.get("/account/login/").text


@pytest.mark.parametrize("path", ["/settings/appearance/", "/settings/sign-in/"])
def test_settings_are_listed_at_the_side(as_user, owner, path):
    html = as_user(owner).get(path).text
    assert f'<a href="{path}" aria-current="page">' in html
    assert '<a href="/settings/">' in html
