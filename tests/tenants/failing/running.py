"""A view and a job raise errors, in processes that report to a collector."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.module_loading import import_string

from profiles.models import User
from tenants.context import within
from tenants.models import Tenant
from tests.gunicorn import ROOT, environment, served

REQUEST_ID = "proxy-request-0001"
TOKEN = "a-secret-of-the-link"


def signed_in(tenant: Tenant) -> str:
    """The cookie of the owner's session."""
    with within(tenant):
        owner = User.objects.get(role="owner")
        session: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
        session[SESSION_KEY] = str(owner.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
        session.save()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def run(tenant: Tenant, folder: Path, **variables: str) -> None:
    variables |= {"DJANGO_SETTINGS_MODULE": "tests.tenants.failing.settings"}
    headers = {"Cookie": signed_in(tenant), "X_Request_ID": REQUEST_ID, "host": f"{tenant.slug}.localhost"}
    with served(folder, processes=1, **variables) as server:
        response, _ = server.get(f"/invitations/{TOKEN}/fail/?q=ann@acme.example", **headers)
        assert response.status == 500
        assert server.get("/queue/", **headers)[1] == "queued"
    command = [sys.executable, "-m", "tests.tenants.failing.work"]
    subprocess.run(command, cwd=ROOT, env=environment(folder, **variables), check=True, capture_output=True, timeout=60)
