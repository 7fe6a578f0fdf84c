"""The two kinds of storage that files may lie in: a disk, and a bucket of S3 (moto serves it)."""

import logging
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.apps import apps
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from tenants.models import Tenant
from tenants.object_storage.apps import storage_of

# Where moto keeps what it serves. It runs in a thread, so that a test can date an object.
OBJECTS: Any = s3_backends
CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}


@cache
def endpoint() -> str:
    """A server with the interface of S3, on the loopback address. It runs until the process ends."""
    os.environ.update({name.upper(): value for name, value in CREDENTIALS.items() if name != "region_name"})
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


@cache
def client() -> Any:
    return boto3.client("s3", endpoint_url=endpoint(), **CREDENTIALS)


class Disk:
    """What lies on a disk, of all organisations."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Of all files, with their organisation's folder."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def drop(self, name: str) -> None:
        (self.root / name).unlink()

    def date(self, tenant: Tenant, name: str, when: float) -> None:
        """Let a file have been written then."""
        os.utime(self.root / tenant.schema_name / name, (when, when))

    def rest(self, tenant: Tenant) -> list[Any]:
        """What there is of an organisation, be it an empty folder."""
        return list(self.root.glob(tenant.schema_name))


class Bucket:
    """The same of what lies in a bucket, which is new for each test."""

    def __init__(self) -> None:
        self.name = f"test-{uuid4()}"
        self.client = client()
        self.client.create_bucket(Bucket=self.name)

    @property
    def url(self) -> str:
        """For STORAGE_URL."""
        return f"s3://{self.name}?endpoint={endpoint()}&region=us-east-1"

    def names(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return sorted(each["Key"] for page in pages for each in page.get("Contents", ()))

    def read(self, name: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.name, Key=name)["Body"].read())

    def drop(self, name: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=name)

    def date(self, tenant: Tenant, name: str, when: float) -> None:
        """Let an object have been written then. No request can do that."""
        keys = OBJECTS["123456789012"]["aws"].buckets[self.name].keys
        keys[f"{tenant.schema_name}/{name}"].last_modified = datetime.fromtimestamp(when, UTC).replace(tzinfo=None)

    def rest(self, tenant: Tenant) -> list[Any]:
        return [name for name in self.names() if name.startswith(f"{tenant.schema_name}/")]


Media = Disk | Bucket


def make_media(kind: str, settings: Any, root: Path) -> Media:
    """An empty storage of this kind, for the product to use."""
    if kind == "disk":
        settings.MEDIA_ROOT = root
        return Disk(root)
    if not apps.is_installed("tenants.object_storage"):
        pytest.skip("not installed: tenants.object_storage")
    bucket = Bucket()
    settings.STORAGES = settings.STORAGES | {"default": storage_of(bucket.url)}
    return bucket
