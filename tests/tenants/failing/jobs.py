"""A job that fails, with a message that names its tenant."""

from profiles.models import User
from tenants.tasks import tenant_task


@tenant_task(name="tests.failing.fall")
def fall(pk: int) -> None:
    raise LookupError(f"{User.objects.get(pk=pk).email} has no basket.")
