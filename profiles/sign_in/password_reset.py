"""The job that mails the link for a new password."""

from profiles.mail.delivery import RETRY
from profiles.models import User
from tenants.tasks import tenant_task


@tenant_task(name="profiles.send_reset_link", aliases=["profiles.tasks.send_reset_link"], queue="mail", retry=RETRY)
def send_reset_link(pk: int) -> None:
    """Mail a member the link that sets a new password, to their current address. 0 stands for an unknown address.

    It is a job for unknown addresses too, so that the page's response time does not show who is a member.
    """
    from allauth.account.internal.flows.password_reset import request_password_reset

    member = User.objects.active().filter(pk=pk).first()
    if member is not None:
        request_password_reset(None, member.email, [member], None)
