"""The job that exports an organisation and mails the link."""

from django.conf import settings
from django.urls import reverse
from procrastinate import RetryStrategy

from profiles.exports import leftovers  # noqa: F401  has a job, and procrastinate looks here
from profiles.exports.keeping import TASK, Ready, make
from profiles.mail.outbox import post
from profiles.models import User
from tenants.context import required
from tenants.notices import notify
from tenants.tasks import tenant_task

RETRY = RetryStrategy(max_attempts=3, wait=60)


@tenant_task(name=TASK, lock="export", queueing_lock="export", priority=-1, retry=RETRY)
def export_organisation(asked_by: int) -> None:
    """`asked_by` is the primary key of the owner who requested it."""
    ready = make()
    asking = User.objects.filter(pk=asked_by).first()
    for owner in User.objects.owners().exclude(email=""):
        tell(owner, ready, asking)
    notify(User.objects.owners(), "organisation.exported")


def tell(owner: User, ready: Ready, asking: User | None) -> None:
    path = reverse("download_export", args=[ready.token], urlconf=settings.ROOT_URLCONF)
    context = {"owner": owner, "asking": asking, "url": required().url(path), "ready": ready}
    post(to=owner.email, reader=owner, template="export_ready", context=context)
