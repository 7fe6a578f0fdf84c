"""A row of each model of this app, for tests that need one of every model."""

from uuid import UUID

from profiles.api.models import Answer, Token, TokenPolicy
from profiles.models import User


def make(people: dict[str, User]) -> None:
    Token.objects.create(user=people["reader"], name="Backup", digest="0" * 64, scope="read")
    TokenPolicy.objects.create(may_never_expire=True)
    Answer.objects.create(key=UUID(int=1), request="0" * 64, status=201, body="{}")
