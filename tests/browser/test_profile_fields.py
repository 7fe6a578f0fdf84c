"""An owner adds a field and fills it in; a member chooses the part of a photo that is shown: by keyboard,
mouse and fingers."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from profiles.testing import needs
from tests.browser.conftest import Person


@pytest.mark.slow
@needs("profiles.custom_fields")
@pytest.mark.parametrize("viewport", ["phone"], indirect=True)
def test_owner_adds_a_field_and_finds_people_by_it(new_person: Callable[..., Person]) -> None:
    owner = new_person()
    owner.sign_in("acme", "owner@acme.example")
    owner.open("acme", "/settings/fields/new/")
    owner.page.get_by_label("Name").fill("Greenhouse")
    owner.page.get_by_label("Find people by it").check()
    owner.page.get_by_role("button", name="Add field").click()
    owner.sees("“Greenhouse” was added.")
    owner.open("acme", "/people/owner/edit/")
    owner.page.get_by_label("Greenhouse").fill("Orangery")
    owner.page.get_by_role("button", name="Save").click()
    owner.sees("Orangery")
    owner.open("acme", "/people/?q=orangery")
    owner.sees("1 person")
    owner.open("acme", "/settings/fields/greenhouse/delete/")
    owner.page.get_by_role("button", name="Delete").click()
    owner.sees("Deleted fields")


def halves() -> bytes:
    """Red at the left, blue at the right: the square in the middle has both."""
    picture = Image.new("RGB", (1200, 600), "#c81e1e")
    picture.paste("#1e3cc8", (600, 0, 1200, 600))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


def moves_by_mouse_and_zooms_by_two_fingers(page: Page) -> None:
    """And back to where it was."""
    crop, stage = page.locator("[name=photo_crop]"), page.locator(".cropper__stage")
    stage.scroll_into_view_if_needed()
    before, box = crop.input_value(), stage.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for way in (20, -20):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way, y)
        page.mouse.up()
        assert (crop.input_value() != before) == (way > 0)
    devtools = page.context.new_cdp_session(page)
    for end, value in ((60, "182"), (40, "121")):
        begin = 100 - end
        for kind, apart in (("touchStart", begin), ("touchMove", end), ("touchEnd", 0)):
            fingers = [{"x": x + side * apart, "y": y, "id": finger} for finger, side in enumerate((-1, 1)) if apart]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        expect(page.get_by_label("Zoom", exact=True)).to_have_value(value)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
def test_photo_is_cut_where_the_keys_have_moved_it(new_person: Callable[..., Person]) -> None:
    reader = new_person()
    reader.sign_in("acme", "reader@acme.example")
    reader.open("acme", "/people/reader/edit/")
    page = reader.page
    page.locator("[name=photo]").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": halves()})
    stage = page.locator(".cropper__stage")
    expect(stage).to_be_visible()
    stage.focus()
    for key in ["+", "+", *["ArrowRight"] * 25]:
        page.keyboard.press(key)
    left, _top, size = map(float, page.locator("[name=photo_crop]").input_value().split(","))
    assert left > 0.5
    assert 0.8 < size < 0.85
    zoom = page.get_by_label("Zoom", exact=True)
    expect(zoom).to_have_value("121")
    moves_by_mouse_and_zooms_by_two_fingers(page)
    expect(zoom).to_have_value("121")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    address = page.locator("main img.avatar, main .avatar img").first.get_attribute("src")
    photo = Image.open(io.BytesIO(reader.fetch(str(address)))).convert("RGB")
    for x in (10, photo.width - 10):
        red, _green, blue = photo.getpixel((x, photo.height // 2))  # type: ignore[misc]
        assert blue > red
