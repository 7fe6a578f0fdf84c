"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.notices.models import Notice, Preference


def make(people: dict[str, User]) -> None:
    reader = people["reader"]
    Notice.objects.create(to=reader, kind="member.role_changed", words={"by": "Olga Owner", "role": "reader"})
    Preference.objects.create(member=reader, kind="member.role_changed", shown=True, mail="daily")
