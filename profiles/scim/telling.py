"""The mail to a member that the directory has made."""

from django.conf import settings
from django.urls import reverse

from profiles.mail.outbox import post
from profiles.models import User
from tenants.context import required


def tell(member: User) -> None:
    """How to choose a password. The link has no secret in it: the page that it leads to sends one."""
    organisation = required()
    post(
        to=member.email,
        reader=member,
        template="provisioned",
        context={
            "member": member,
            "home_url": organisation.url(),
            "url": organisation.url(reverse("account_reset_password", urlconf=settings.ROOT_URLCONF)),
        },
    )
