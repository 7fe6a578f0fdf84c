"""How often a member may upload a picture."""

from profiles.requests import MemberRequest
from tenants import limits


def count_upload(request: MemberRequest) -> None:
    """Count the files that come with a request, before anybody looks into them. Raises TooOften."""
    if request.method == "POST" and any(file.size for file in request.FILES.values()):
        limits.count(request, "upload", account=str(request.user.pk))
