"""The job that mails the link for a new password."""

from profiles.mail.delivery import RETRY
from profiles.models import User
from tenants.tasks import tenant_task


@tenant_task(name="profiles.send_reset_link", aliases=["profiles.tasks.send_reset_link"], queue="mail", retry=RETRY)
def send_reset_link(pk: int) -> None:
    """Mail a member the link that sets a new password, to their present address. 0 stands for an unknown address.

    A job, for unknown addresses too: the time that the page takes tells nothing about who is a member.
    """
    from allauth.account.internal.flows.password_reset import request_password_reset

    member = User.objects.active().filter(pk=pk).first()
    if member is not None:
        request_password_reset(None, member.email, [member], None)
