"""Photos, logos and exports by addresses of the bucket: short-lived, after the right was checked, kept no longer."""

from re import fullmatch
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from profiles.models import User
from profiles.pictures.keeping import keep_pictures
from profiles.pictures.logos import keep_logo
from profiles.testing import SiteClient, needs
from tenants.context import public, within
from tenants.models import Tenant
from tenants.object_storage.apps import ObjectStorageConfig, storage_of
from tenants.object_storage.storage import TenantS3Storage
from tests.storages import Bucket, make_media

SECONDS = 300


@pytest.fixture
def bucket(settings, tmp_path):
    bucket = make_media("bucket", settings, tmp_path)
    assert isinstance(bucket, Bucket)
    storage = storage_of(bucket.url)
    storage["OPTIONS"]["presigned_seconds"] = SECONDS
    settings.STORAGES = settings.STORAGES | {"default": storage}
    return bucket


@pytest.fixture
def photo(bucket, acme, reader: User) -> str:
    with within(acme):
        keep_pictures(profile=reader.profile, pictures={64: b"small", 256: b"a photo", 512: b"large"})
        return reader.profile.photo_url(256)


def test_a_photo_is_fetched_from_the_bucket_by_those_who_may_see_it(as_user, reader, photo):
    answer = as_user(reader).get(photo)
    assert (answer.status_code, answer["Cache-Control"]) == (302, f"private, max-age={SECONDS // 2}")
    assert "ETag" not in answer, "A browser that asks again must get a new address, not 304 for one that has expired."
    fetched = requests.get(answer["Location"], timeout=5)
    assert (fetched.status_code, fetched.content) == (200, b"a photo")
    assert fetched.headers["Content-Type"] == "image/webp"
    assert fetched.headers["Cache-Control"] == f"private, max-age={SECONDS}"
    assert parse_qs(urlsplit(answer["Location"]).query)["X-Amz-Expires"] == [str(SECONDS)]


def test_others_get_no_address(acme, photo):
    assert SiteClient(acme).get(photo)["Location"].startswith("/account/login/")


def test_another_organisation_has_no_such_photo(globex, stranger, photo):
    assert SiteClient(globex).sign_in(stranger).get(photo).status_code == 404


def test_a_photo_that_is_gone_is_404_and_no_address(as_user, reader, bucket, photo):
    for name in bucket.names():
        bucket.drop(name)
    assert as_user(reader).get(photo).status_code == 404


def test_a_logo_is_public_but_its_address_is_not_kept_by_others(bucket, acme):
    with within(acme):
        keep_logo(b"a logo")
    with public():
        name = Tenant.objects.get(pk=acme.pk).logo
    answer = SiteClient(acme).get(f"/{name}")
    assert "private" in answer["Cache-Control"]
    assert requests.get(answer["Location"], timeout=5).content == b"a logo"


@needs("profiles.exports")
def test_an_export_is_a_download_under_its_own_name(bucket, acme, as_user, owner):
    from profiles.exports import keeping

    with within(acme):
        link = f"/settings/export/{keeping.make().token}/"
    answer = as_user(owner).get(link)
    assert "no-store" in answer["Cache-Control"]
    fetched = requests.get(answer["Location"], timeout=5)
    assert fullmatch(r'attachment; filename="acme-\d{4}-\d\d-\d\d\.zip"', fetched.headers["Content-Disposition"])
    assert fetched.content.startswith(b"PK")


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket?region=eu-central-1",
        "s3://bucket?region=us-east-1",
        "s3://my.bucket/live?region=eu-west-3",
        "s3://bucket?endpoint=https://s3.example.com",
        "s3://bucket?endpoint=http://127.0.0.1:9000&region=us-east-1",
    ],
)
def test_pages_may_show_pictures_from_where_addresses_lead(address, acme, monkeypatch):
    """The origin in the content security policy is the one that boto3 signs for."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("STORAGE_URL", address)
    monkeypatch.setenv("STORAGE_PRESIGNED_SECONDS", "300")
    [origin] = ObjectStorageConfig.settings(Env())["IMAGE_ORIGINS"]
    storage = TenantS3Storage(**storage_of(address)["OPTIONS"], presigned_seconds=300)
    with within(acme):
        found = urlsplit(storage.presigned("a.webp", content_type="image/webp"))
    assert f"{found.scheme}://{found.netloc}" == origin


@pytest.mark.parametrize(
    ("url", "seconds"),
    [("", "300"), ("s3://b?region=x", "59"), ("s3://b?region=x", "604801"), ("s3://b", "300"), ("s3://b", "-1")],
)
def test_what_cannot_be_is_refused_in_words(monkeypatch, url, seconds):
    monkeypatch.setenv("STORAGE_URL", url)
    monkeypatch.setenv("STORAGE_PRESIGNED_SECONDS", seconds)
    with pytest.raises(ImproperlyConfigured, match="STORAGE_PRESIGNED_SECONDS"):
        ObjectStorageConfig.settings(Env())
