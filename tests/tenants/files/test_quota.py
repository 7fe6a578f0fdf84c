"""An organisation's files have a limit: it holds for uploads at the same moment too, and forms say so."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.pictures.keeping import keep_pictures, remove_photo
from profiles.pictures.logos import keep_logo
from tenants.allowances import allowance
from tenants.context import within
from tenants.files.apps import bytes_of
from tenants.files.models import File
from tenants.files.quota import bytes_recorded
from tenants.storage import FULL, store
from tests.profiles.pictures.made import photograph
from tests.storages import make_media
from tests.tenants.crowd import until


@pytest.fixture(autouse=True, params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def media(request, settings, tmp_path):
    return make_media(request.param, settings, tmp_path)


def test_no_limit_by_default_and_no_statement_for_it(acme):
    with within(acme), CaptureQueriesContext(connection) as sent:
        assert allowance("files_bytes") is None
        store("a.txt", b"a" * 1000)
    assert not [each["sql"] for each in sent if "advisory" in each["sql"] or "SUM(" in each["sql"]]
    assert [each["sql"] for each in sent if "files_file" in each["sql"]] != []


def test_the_last_file_that_fits_is_stored_and_the_next_refused(settings, acme, globex):
    settings.FILES_QUOTA = 100
    with within(acme):
        store("a.txt", b"a" * 60)
        with pytest.raises(ValidationError, match="would exceed their limit of 100") as refused:
            store("b.txt", b"b" * 41)
        assert refused.value.code == FULL
        assert not default_storage.exists("b.txt")
        store("b.txt", b"b" * 40)
        assert bytes_recorded() == 100
    with within(globex):
        store("a.txt", b"g" * 100)  # Each organisation has its own.


def test_what_is_removed_frees_its_bytes(settings, acme, reader, django_capture_on_commit_callbacks):
    settings.FILES_QUOTA = 100
    with within(acme), django_capture_on_commit_callbacks(execute=True):
        keep_pictures(profile=reader.profile, pictures={64: b"x" * 30, 256: b"x" * 30})
        keep_pictures(profile=reader.profile, pictures={64: b"y" * 80})  # The former one is deleted by the same change.
        assert bytes_recorded() == 80
        remove_photo(profile=reader.profile)
        keep_logo(b"z" * 100)
        keep_logo(b"z" * 99)
    with within(acme):
        assert bytes_recorded() == 99


def test_an_upload_that_is_rolled_back_counts_nothing(settings, acme):
    settings.FILES_QUOTA = 100
    with within(acme):
        with pytest.raises(LookupError), transaction.atomic():
            store("a.txt", b"a" * 100)
            raise LookupError
        assert bytes_recorded() == 0


def test_the_form_says_that_there_is_no_room_and_keeps_what_was_typed(settings, acme, reader, as_user):
    settings.FILES_QUOTA = 1000
    photo = SimpleUploadedFile("me.jpg", photograph(), "image/jpeg")
    page = as_user(reader).post(
        "/people/reader/edit/", {"first_name": "Margarita", "last_name": "Leser", "time_zone": "UTC", "photo": photo}
    )
    assert "their limit of 1000" in page.context["form"].errors["photo"][0]
    assert 'value="Margarita"' in page.text
    with within(acme):
        assert not File.objects.exists()
        assert reader.profile.photo == ""


def upload(tenant, name: str, stored: Event, ends: Event) -> str:
    """Store 60 bytes in a transaction that ends when it is told to."""
    try:
        with within(tenant), transaction.atomic():
            store(name, b"a" * 60)
            stored.set()
            assert ends.wait(10)
    except ValidationError as error:
        return str(error.code)
    finally:
        connection.close()
    return "stored"


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])


def test_of_two_at_once_only_one_gets_the_last_bytes(settings, acme_and_globex):
    """The second waits for the first one's commit, and another organisation's for neither."""
    settings.FILES_QUOTA = 100
    acme, globex = acme_and_globex
    first, second, neighbour, end = Event(), Event(), Event(), Event()
    try:
        with ThreadPoolExecutor(3) as threads:
            one = threads.submit(upload, acme, "one.txt", first, end)
            assert first.wait(10)
            two = threads.submit(upload, acme, "two.txt", second, end)
            until(lambda: waits() or second.is_set())
            other = threads.submit(upload, globex, "a.txt", neighbour, end)
            assert neighbour.wait(10)
            end.set()
            assert [each.result(10) for each in (one, two, other)] == ["stored", FULL, "stored"]
    finally:
        for tenant in acme_and_globex:
            with within(tenant):
                File.objects.all().delete()


def test_waiting_for_longer_than_a_lock_may_take_is_said_to_the_person(settings, acme_and_globex):
    settings.FILES_QUOTA = 100
    [acme, _] = acme_and_globex
    stored, end = Event(), Event()
    with ThreadPoolExecutor(1) as threads:
        one = threads.submit(partial(upload, acme, "one.txt", stored, end))
        assert stored.wait(10)
        with within(acme), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(ValidationError) as refused:
                store("two.txt", b"a")
            assert refused.value.code == "not_stored"
            cursor.execute("SELECT 1")  # The transaction goes on: the form is shown again.
        end.set()
        assert one.result(10) == "stored"
    with within(acme):
        File.objects.all().delete()


@pytest.mark.parametrize(
    ("text", "number"), [("", None), ("1GB", 10**9), ("1.5 GB", 1_500_000_000), ("500MB", 500_000_000), ("12", 12)]
)
def test_the_setting_is_a_number_of_bytes(text, number):
    assert bytes_of(text) == number


@pytest.mark.parametrize("text", ["much", "-1GB", "1 GiB", "GB"])
def test_what_is_no_number_of_bytes_is_refused_in_words(text):
    with pytest.raises(ImproperlyConfigured, match="500MB"):
        bytes_of(text)
