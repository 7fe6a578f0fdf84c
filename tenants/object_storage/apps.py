"""Files in S3 instead of on a disk: STORAGE_URL."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from shared.capabilities.base import Capability

# Of seconds that a presigned address is valid. The longest is what S3 allows, a week.
LEAST, MOST = 60, 604_800
EXAMPLE = "s3://bucket, s3://bucket/prefix or s3://bucket?endpoint=https://s3.example.com&region=eu-central-1"


class ObjectStorageConfig(Capability):
    name = "tenants.object_storage"
    lives_in = "public"

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """Raises ImproperlyConfigured for an address that is none."""
        url, seconds = env.str("STORAGE_URL", ""), env.int("STORAGE_PRESIGNED_SECONDS", 0)
        if seconds and not (url and LEAST <= seconds <= MOST):
            raise ImproperlyConfigured(
                f"STORAGE_PRESIGNED_SECONDS is {seconds}. It has to be {LEAST} to {MOST}, with STORAGE_URL."
            )
        if not url:
            return {}
        storage = storage_of(url)
        if not seconds:
            return {"MEDIA_STORAGE": storage}
        storage["OPTIONS"]["presigned_seconds"] = seconds
        # Pages may show pictures from there: browsers check the address that a redirect leads to.
        return {"MEDIA_STORAGE": storage, "IMAGE_ORIGINS": [origin_of(storage["OPTIONS"])]}


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
    if "endpoint" in options and not is_origin(options["endpoint"]):
        raise ImproperlyConfigured(f"{variable} has an endpoint that is no address of a server. Write {EXAMPLE}.")
    return {
        "BACKEND": "tenants.object_storage.storage.TenantS3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "addressing_style": "auto" if options.get("endpoint") or "." in parts.netloc else "virtual",
        },
    }


def is_origin(endpoint: str) -> bool:
    """Whether boto3 takes it: otherwise each file would be an error when it is needed."""
    parts = urlsplit(endpoint)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def origin_of(options: dict[str, Any]) -> str:
    """The origin of presigned addresses. Raises ImproperlyConfigured if neither endpoint nor region is known.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    if endpoint := options["endpoint_url"]:
        return "{0.scheme}://{0.netloc}".format(urlsplit(endpoint))
    if not (region := options["region_name"]):
        raise ImproperlyConfigured("STORAGE_PRESIGNED_SECONDS needs the region in STORAGE_URL: s3://bucket?region=….")
    host = "s3.amazonaws.com" if region == "us-east-1" else f"s3.{region}.amazonaws.com"
    bucket = options["bucket_name"]
    return f"https://{host}" if "." in bucket else f"https://{bucket}.{host}"
