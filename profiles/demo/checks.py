"""System check: the demo's people cannot sign in in production."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_demo_people(*, databases: Sequence[str] | None = None, **_others: Any) -> list[CheckMessage]:
    """In production, no one can sign in with the demo's password. It runs only with a database:

    `manage.py check --deploy --database default`
    """
    from profiles.demo.making import demo_people_remain

    if not databases or not demo_people_remain():
        return []
    message = "Demo accounts with the demo's password, which is public, are in this database."
    hint = "Change their passwords, deactivate them, or start with an empty database."
    return [Error(message, hint=hint, id="profiles.E001")]
