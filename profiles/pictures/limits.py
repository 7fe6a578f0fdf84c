"""How often a member may upload a picture."""

from django.core.files.uploadedfile import UploadedFile

from profiles.requests import MemberRequest
from tenants.limits.requests import count


def count_upload(request: MemberRequest) -> None:
    """Count the files that come with a request, before anybody looks into them. Raises TooOften."""
    sent = [file for file in request.FILES.values() if isinstance(file, UploadedFile) and file.size]
    if request.method == "POST" and sent:
        count(request, "upload", account=str(request.user.pk))
