"""How often a member may upload a picture."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from profiles.requests import MemberRequest
from tenants.limits.forms import refusal_of


def count_upload(request: MemberRequest) -> ValidationError | None:
    """Count the files that come with a request, before anybody looks into them. What to put on the field if they are
    too many: then they are dropped, and the form has what was typed.
    """
    sent = [file for file in request.FILES.values() if isinstance(file, UploadedFile) and file.size]
    if request.method == "POST" and sent:
        refusal = refusal_of(request, "upload", account=str(request.user.pk))
        if refusal:
            request.FILES.clear()
        return refusal
    return None
