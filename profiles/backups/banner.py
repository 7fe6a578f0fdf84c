"""The banner on every page of a sandbox."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from profiles.backups.models import Sandbox
from tenants.context import current, public


def context(_page: Any) -> dict[str, Any] | None:
    """Of which moment the sandbox is, and where the organisation itself is; None outside of sandboxes."""
    tenant = current()
    if tenant is None or not tenant.is_sandbox:
        return None
    with public():
        sandbox = Sandbox.objects.select_related("of").filter(tenant=tenant).first()
    compare = sandbox.of.url(reverse("sandbox", urlconf=settings.ROOT_URLCONF)) if sandbox else ""
    return {"sandbox": sandbox, "compare_url": compare}
