"""A row of each model of this app, for tests that need one of every model."""

from profiles.bulk_invitations.models import Batch
from profiles.models import User


def make(people: dict[str, User]) -> None:
    Batch.objects.create(by=people["owner"], lines=[{"email": "nora@new.example", "role": "reader", "name": "Nörä ☃"}])
