"""An organisation's logo, as a picture."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shared.initials import stand_in
from tenants.context import required
from tenants.errors import StorageUnavailable
from tenants.serving.presigned import redirected

A_YEAR = 31_536_000  # In seconds. A changed logo has a new address.


@login_not_required
@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """Public, since the sign-in page shows it. The name has no slash, so it cannot leave the folder."""
    try:
        return redirected(f"logo/{name}.webp", content_type="image/webp") or served(request, name)
    except StorageUnavailable as error:
        return stand_in(required().name[:1], error)


@cache_control(public=True, max_age=A_YEAR, immutable=True)
def served(_request: HttpRequest, name: str) -> FileResponse:
    try:
        file = default_storage.open(f"logo/{name}.webp")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp")
