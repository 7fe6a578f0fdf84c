"""Pictures of people, for members of their organisation only."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, conditional_page, require_safe

from profiles.access import member_to_see
from profiles.models import User
from profiles.pictures.decoding import SIZES
from profiles.pictures.keeping import picture_name
from profiles.requests import MemberRequest
from shared.initials import stand_in, svg
from tenants.errors import StorageUnavailable
from tenants.serving.presigned import redirected

YEAR = 365 * 24 * 60 * 60  # In seconds.
A_WHILE = 5 * 60  # A new name is shown after this at the latest.


def photo_etag(_request: MemberRequest, key: UUID, size: int) -> str | None:
    """The name is enough, since the content under a name never changes."""
    return quote_etag(f"{key}-{size}") if default_storage.exists(picture_name(key, size)) else None


@require_safe
def photo(request: MemberRequest, key: UUID, size: int) -> HttpResponse | FileResponse:
    """A stored photo. The storage contains only the current organisation's files."""
    if size not in SIZES:
        raise Http404
    try:
        return redirected(picture_name(key, size), content_type="image/webp") or served(request, key, size)
    except StorageUnavailable as error:
        return stand_in(name_of(key), error)


def name_of(key: UUID) -> str:
    """Of the person who has this photo; "" if no one has it any more."""
    person = User.objects.filter(profile__photo__startswith=f"photos/{key}/").select_related("profile").first()
    return person.name if person else ""


@cache_control(private=True, max_age=YEAR, immutable=True)
@condition(photo_etag)
def served(_request: MemberRequest, key: UUID, size: int) -> FileResponse:
    try:
        picture = default_storage.open(picture_name(key, size))
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(picture, content_type="image/webp")


@require_safe
@cache_control(private=True, max_age=A_WHILE)
@conditional_page
def initials(request: MemberRequest, username: str) -> HttpResponse:
    """The drawn initials of a person without a photo."""
    return HttpResponse(svg(member_to_see(request, username).name), content_type="image/svg+xml")
