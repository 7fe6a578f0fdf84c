"""A row of each model of this app, for tests that need one of every model."""

from profiles.mail_codes.models import MailCode
from profiles.models import User


def make(people: dict[str, User]) -> None:
    MailCode.objects.make(member=people["reader"], browser="x" * 32)
