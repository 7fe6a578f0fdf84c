"""Files in S3 instead of on a disk: STORAGE_URL."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability

EXAMPLE = "s3://bucket, s3://bucket/prefix or s3://bucket?endpoint=https://s3.example.com&region=eu-central-1"


class ObjectStorageConfig(Capability):
    name = "tenants.object_storage"
    lives_in = "public"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for an address that is none."""
        url = env.str("STORAGE_URL", "")
        return {"MEDIA_STORAGE": storage_of(url)} if url else {}


def storage_of(url: str, variable: str = "STORAGE_URL") -> dict[str, Any]:
    """An entry of STORAGES for an address `s3://…`. Raises ImproperlyConfigured for anything else.

    The credentials are not in it: boto3 finds them in its environment variables, its files, or the machine's role
    (https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html).
    """
    parts, options = urlsplit(url), dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    if unknown := options.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured(f"{variable} has unknown options: {', '.join(sorted(unknown))}. Write {EXAMPLE}.")
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{variable} is not the address of a bucket. Write {EXAMPLE}.")
    return {
        "BACKEND": "tenants.object_storage.storage.TenantS3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
        },
    }
