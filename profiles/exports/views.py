"""Pages of exports: the organisation's for owners, and their own data for all members."""

import tempfile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from profiles.exports import keeping, mine
from profiles.exports.rights import exports_organisation
from profiles.exports.tasks import export_organisation
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required
from tenants.events import emit
from tenants.once.doing import once
from tenants.serving.presigned import redirected


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def organisation_export(request: MemberRequest) -> HttpResponse:
    if not exports_organisation(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "profiles/export.html", {"state": keeping.state()})
    ask_for_password(request, _("Export all data of %(organisation)s") % {"organisation": required().name})
    if begin(request):
        messages.success(request, _("The export has started. All owners get an email when it is ready."))
    else:
        messages.info(request, _("An export is already being made. All owners get an email when it is ready."))
    return redirect("organisation_export")


def begin(request: MemberRequest) -> bool:
    """Queue an export. Returns False if one is running already."""
    if keeping.is_running():
        return False
    try:
        with transaction.atomic():
            keeping.ask()
            emit("organisation.exported", required(), by=request.user)
            export_organisation.defer(asked_by=request.user.pk)
    except AlreadyEnqueued:  # by another owner, at the same time
        return False
    return True


@never_cache
@require_safe
def download_export(request: MemberRequest, token: str) -> HttpResponse | FileResponse:
    if not exports_organisation(request.user):
        raise PermissionDenied
    file = keeping.by_token(token)
    return (file and answer(file)) or render(request, "profiles/export_dead.html", status=410)


def answer(file: str) -> HttpResponse | FileResponse | None:
    """The file as a download; None if it was deleted meanwhile."""
    name = f"{required().slug}-{timezone.localdate().isoformat()}.zip"
    try:
        return redirected(file, content_type="application/zip", filename=name) or FileResponse(
            default_storage.open(file), as_attachment=True, filename=name, content_type="application/zip"
        )
    except FileNotFoundError:
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: MemberRequest) -> HttpResponse | FileResponse:
    if request.method != "POST":
        return render(request, "profiles/my_data.html")
    ask_for_password(request, _("Download my data"))
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    mine.write(request.user, file)
    file.seek(0)
    name = f"{required().slug}-{request.user.username}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
