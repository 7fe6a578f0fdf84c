"""Forms that capabilities add to a member's profile: shown and saved with it, or not at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from profiles.models import Profile
from profiles.testing.installed import needs
from shared.capabilities import registry
from tenants.context import within
from tenants.storage import NOT_STORED
from tests.profiles.pictures.made import photograph
from tests.receivers.models import Product

pytestmark = needs("profiles.welcome")  # an example for any capability

PATH = "/people/reader/edit/"
NAME, STOCK = "receivers-product-name", "receivers-product-stock"


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ["name", "stock"]


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """A capability that adds the form of a row with the profile's primary key. Its fields have no labels in words."""
    settings.AUDIT_NEEDS_LABELS = False
    monkeypatch.setattr(type(apps.get_app_config("welcome")), "profile_forms", (f"{__name__}.ProductForm",))
    registry.profile_forms.cache_clear()
    yield
    registry.profile_forms.cache_clear()


@pytest.fixture
def rita(as_user, reader):
    """A browser where Rita, the reader, is signed in."""
    return as_user(reader)


def kept(tenant) -> list[tuple[int, str]]:
    with within(tenant):
        return list(Product.objects.values_list("pk", "name"))


def test_it_is_shown_with_what_is_stored(acme, reader, rita):
    with within(acme):
        Product.objects.create(pk=reader.profile.pk, name="Books", stock=3)
        Product.objects.create(pk=reader.profile.pk + 1, name="Of a colleague", stock=3)
    page = rita.get(PATH).content.decode()
    assert f'name="{NAME}" value="Books"' in page
    assert "Of a colleague" not in page


def test_both_are_saved(acme, globex, reader, rita):
    response = rita.post(PATH, {"time_zone": "UTC", "location": "Lisbon", NAME: "Books", STOCK: "3"})
    assert response["Location"] == "/people/reader/"
    assert kept(acme) == [(reader.profile.pk, "Books")]
    assert kept(globex) == []
    with within(acme):
        assert Profile.objects.get(user=reader).location == "Lisbon"


@pytest.mark.parametrize("wrong", [{NAME: "x" * 101}, {STOCK: "many"}, {"time_zone": "Nowhere"}])
def test_where_one_is_refused_neither_is_saved(acme, reader, rita, wrong):
    typed = {"time_zone": "UTC", "location": "Lisbon", NAME: "Books", STOCK: "3"}
    response = rita.post(PATH, typed | wrong)
    assert response.status_code == 200
    assert "Lisbon" in response.content.decode()
    assert kept(acme) == []
    with within(acme):
        assert Profile.objects.get(user=reader).location == ""


def test_where_the_photo_cannot_be_stored_neither_is_saved(acme, rita, settings, tmp_path):
    """A file is where the organisation's folder would be."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / acme.schema_name).write_text("in the way")
    photo = SimpleUploadedFile("me.jpg", photograph(), "image/jpeg")
    page = rita.post(PATH, {"time_zone": "UTC", NAME: "Books", STOCK: "3", "photo": photo})
    assert page.context["form"].errors["photo"] == [NOT_STORED]
    assert kept(acme) == []


def test_colleague_cannot_save_it(acme, as_user, editor):
    assert as_user(editor).post(PATH, {"time_zone": "UTC", NAME: "Books", STOCK: "3"}).status_code == 403
    assert kept(acme) == []
