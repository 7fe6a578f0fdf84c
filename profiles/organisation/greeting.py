"""The mail that welcomes a new member."""

from django.conf import settings
from django.urls import reverse

from profiles.mail.outbox import post
from profiles.models import User
from tenants.context import required


def greet(member: User) -> None:
    """Mail a welcome to a new member, including owners of new organisations."""
    organisation = required()
    post(
        to=member.email,
        reader=member,
        template="welcome",
        context={
            "member": member,
            "home_url": organisation.url(),
            "url": organisation.url(reverse("my_profile", urlconf=settings.ROOT_URLCONF)),
        },
    )
