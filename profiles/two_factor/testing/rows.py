"""A row of each model of allauth.mfa, for tests that need one of every model."""

from allauth.mfa.models import Authenticator

from profiles.models import User


def make(people: dict[str, User]) -> None:
    data = {"secret": "a secret", "last_step": 1}
    Authenticator.objects.create(user=people["reader"], type=Authenticator.Type.TOTP, data=data)
