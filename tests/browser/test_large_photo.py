"""A photo that is too large is refused on its field, before it is sent."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
def test_large_photo_is_refused_on_its_field(new_person: Callable[..., Person]) -> None:
    reader = new_person()
    reader.sign_in("acme", "reader@acme.example")
    reader.open("acme", "/people/reader/edit/")
    photo = reader.page.locator("[name=photo]")
    photo.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes(10_000_001)})
    assert "larger than 10 MB" in photo.evaluate("field => field.validationMessage")
    photo.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes(1_000)})
    assert photo.evaluate("field => field.validationMessage") == ""
