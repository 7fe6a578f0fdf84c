"""What the people of the operators' organisation need before they can open its pages."""

from allauth.mfa.models import Authenticator

from profiles.models import User


def prepare() -> None:
    """A second factor for each of them, in the current organisation."""
    for user in User.objects.all():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
