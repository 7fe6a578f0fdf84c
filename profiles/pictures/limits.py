"""The limit of uploads per member."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from profiles.requests import MemberRequest
from tenants.limits.forms import refusal_of


def count_upload(request: MemberRequest) -> ValidationError | None:
    """Count the uploaded files before they are read. Above the limit, returns the error for the field and drops the
    files; the form keeps the typed values.
    """
    sent = [file for file in request.FILES.values() if isinstance(file, UploadedFile) and file.size]
    if request.method == "POST" and sent:
        refusal = refusal_of(request, "upload", account=str(request.user.pk))
        if refusal:
            request.FILES.clear()
        return refusal
    return None
