"""Jobs of the shop and the blog."""

from django.core.mail import send_mail

from tenants.tasks import tenant_task
from tests.receivers.models import Notice


@tenant_task
def send_notice(pk: int) -> None:
    """Mail a notice to the one it is for."""
    notice = Notice.objects.select_related("user").get(pk=pk)
    send_mail("A notice for you", notice.text, None, [notice.user.email])
