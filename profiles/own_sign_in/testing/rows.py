"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.own_sign_in.models import Identity, Provider
from shared.encryption import encrypt


def make(people: dict[str, User]) -> None:
    Provider.objects.create(name="Okta", issuer="https://id.example", client_id="c", secret=encrypt("client secret"))
    Identity.objects.create(member=people["reader"], subject="00u1")
