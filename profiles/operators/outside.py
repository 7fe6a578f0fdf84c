"""Whether the servers beside the database answer: the one for mail, and an object storage."""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.mail import get_connection

from tenants.readiness.findings import Finding
from tenants.serving.working import waiting


def outside() -> Iterator[Finding]:
    """Not a part of `manage.py ready`: for as long as they are away mail waits, and pages are served."""
    yield mail_server()
    if not isinstance(default_storage, FileSystemStorage):
        yield storage()


def mail_server() -> Finding:
    """Connects and signs in, as a message would. The words name no login."""
    backend = settings.EMAIL_BACKEND.rpartition(".")[0]
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if backend.endswith(".smtp") else backend
    try:
        with waiting(), get_connection():
            return Finding("mail server", True, where)
    except OSError as error:  # SMTPException is one, too.
        return Finding("mail server", False, f"{where}: {type(error).__name__}")


def storage() -> Finding:
    try:
        default_storage.exists("health")
    except OSError as error:
        return Finding("storage", False, type(error).__name__)
    return Finding("storage", True, "answers")
