"""Logos to be sent, and what has become of them."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tenants.models import Domain, Tenant
from tests.profiles.pictures.made import RED, saved


def acme_now() -> Tenant:
    return Tenant.objects.get(pk=Domain.objects.get(domain="acme.localhost").tenant_id)


def upload(data: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def wide(width: int = 1200, height: int = 300) -> bytes:
    return saved(Image.new("RGB", (width, height), RED), "PNG")


def logos(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.glob("*/logo/*"))
