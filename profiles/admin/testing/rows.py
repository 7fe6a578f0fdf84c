"""A row of each model of Django's admin, for tests that need one of every model."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from profiles.models import User


def make(people: dict[str, User]) -> None:
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=people["owner"], content_type=kind, object_id="1", object_repr="Rita", action_flag=CHANGE
    )
