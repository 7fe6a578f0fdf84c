"""An organisation's logo, as a picture."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_YEAR = 31_536_000  # Seconds. A changed logo has another address.


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def logo(_request: HttpRequest, name: str) -> FileResponse:
    """To visitors too: the sign-in page shows it. The name has no slash, so it leads out of no folder."""
    try:
        file = default_storage.open(f"logo/{name}.webp")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp")
