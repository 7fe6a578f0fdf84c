"""TenantS3Storage: files of the current tenant in S3, each tenant's under a prefix of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, wraps
from io import UnsupportedOperation
from posixpath import join
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.utils.http import content_disposition_header
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name, safe_join

from tenants.context import required
from tenants.errors import StorageUnavailable
from tenants.serving.working import waiting

# Seconds. A storage that does not answer must not hold requests for the minutes of boto3's defaults.
CLIENT = Config(signature_version="s3v4", connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2})
# A session can be shared between threads, but must not make connections in two of them at once:
# https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html
CONNECTING = Lock()
# A download that is cut again and again, and an answer that is not S3's: neither is a BotoCoreError.
UNREADABLE = (BotoCoreError, ResponseParserError, RetriesExceededError)


@cache
def session(**options: str | None) -> boto3.Session:
    """One for all threads: each session would read S3's description of its own, which takes 13 MB and 60 ms."""
    return boto3.Session(**options)


@contextmanager
def network() -> Iterator[None]:
    """Wait for the storage without the request's place and connection, and raise its errors as a disk's.

    Callers handle StorageUnavailable, and FileNotFoundError for what is not there; both are OSError.
    """
    try:
        with waiting():
            yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        raise (FileNotFoundError if status == 404 else StorageUnavailable)(str(error)) from error
    except UNREADABLE as error:
        raise StorageUnavailable(str(error)) from error


def over_network(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        with network():
            return method(*arguments, **options)

    return call


class Upload(S3File):
    """A file that is written in parts: it cannot seek. S3File would seek within the current part."""

    def seek(self, *_arguments: Any) -> int:
        raise UnsupportedOperation("An object is written from its start to its end.")

    def tell(self) -> int:
        raise UnsupportedOperation("An object is written from its start to its end.")

    @over_network
    def write(self, content: Any) -> int:
        return super().write(content)

    @over_network
    def close(self) -> None:
        super().close()


class TenantS3Storage(S3Storage):
    """django-storages' S3, below `location`/<schema name>. Outside all tenants it raises NoTenant.

    Objects are private. A file's name is the path of a view, which checks who may see it, and then serves it or
    redirects to a presigned address.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "default_acl": None,
            "file_overwrite": False,  # as on a disk
            "presigned_seconds": 0,
            "max_memory_size": 1_000_000,  # in bytes; the rest of an object that is read goes to a temporary file
        }

    def __init__(self, **options: Any) -> None:
        # "virtual": otherwise addresses would name S3's global host, which redirects to the bucket's region.
        style = Config(s3={"addressing_style": options.get("addressing_style", "auto")})
        super().__init__(**{"client_config": CLIENT.merge(style)} | options)

    def _create_session(self) -> boto3.Session:
        if self.session_profile:
            return session(profile_name=self.session_profile)
        return session(
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.security_token,
        )

    @property
    def connection(self) -> Any:
        with CONNECTING:
            return super().connection

    def _normalize_name(self, name: str) -> str:
        """The key of an object. Raises SuspiciousOperation for a name that leads out of the tenant's prefix."""
        try:
            return str(safe_join(join(self.location, required().schema_name), name))
        except ValueError:
            raise SuspiciousOperation(f"{name} leads out of the tenant's files.") from None

    def url(self, name: str | None, *_arguments: Any, **_options: Any) -> str:
        return f"/{name}"

    @over_network
    def presigned(self, name: str, *, content_type: str, filename: str = "") -> str | None:
        """An address that leads to the object for `presigned_seconds`, for everyone who has it; None if that is 0.

        Over the network, since credentials of the machine's role are fetched now and then. Such an address ends with
        the credentials if they end earlier.
        """
        if not self.presigned_seconds:
            return None
        told = {
            "ResponseContentType": content_type,
            "ResponseCacheControl": f"private, max-age={self.presigned_seconds}",
        }
        if filename:
            told["ResponseContentDisposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
        return super().url(name, parameters=told, expire=self.presigned_seconds)

    @over_network
    def _open(self, name: str, mode: str = "rb") -> File:
        if "w" in mode:
            return Upload(self._normalize_name(clean_name(name)), mode, self)
        file = super()._open(name, mode)
        file.name = name
        try:
            file.open()  # Download it now: later it would be outside network().
        except BaseException:
            file.close()  # It has a temporary file with the part that has arrived.
            raise
        return file

    @over_network
    def _save(self, name: str, content: File) -> str:
        return super()._save(name, content)

    @over_network
    def exists(self, name: str) -> bool:
        return super().exists(name)

    @over_network
    def delete(self, name: str) -> None:
        super().delete(name)

    @over_network
    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        return super().listdir(name)

    @over_network
    def bytes_used(self) -> int:
        """From the listing, which has the sizes: a thousand files in each request."""
        prefix = f"{self._normalize_name('.').rstrip('/')}/"
        return sum(each.size for each in self.bucket.objects.filter(Prefix=prefix))

    @over_network
    def size(self, name: str) -> int:
        return super().size(name)

    @over_network
    def get_modified_time(self, name: str) -> datetime:
        return super().get_modified_time(name)
