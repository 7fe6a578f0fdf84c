"""redirected(): an answer that sends the browser to the storage itself, for files of the current tenant."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponseRedirect
from django.utils.cache import patch_cache_control


def redirected(name: str, *, content_type: str, filename: str = "") -> HttpResponseRedirect | None:
    """A redirect to a presigned address, after the view has checked the viewer's right; None if the storage has none,
    or is not set to give them (STORAGE_PRESIGNED_SECONDS). Raises Http404 if the file is not there.

    Browsers keep the redirect for half of the time for which its address is valid, and no cache in between keeps it.
    """
    sign = getattr(default_storage, "presigned", None)
    address = sign(name, content_type=content_type, filename=filename) if sign else None
    if address is None:
        return None
    if not default_storage.exists(name):
        raise Http404
    response = HttpResponseRedirect(address)
    patch_cache_control(response, private=True, max_age=getattr(default_storage, "presigned_seconds", 0) // 2)
    return response
