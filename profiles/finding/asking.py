"""ask(): keeps a request, and a job that looks for all that wait. What happens is the same for every address."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from profiles.finding.models import Request
from profiles.finding.searching import soon
from shared.emails import counted_as
from tenants.context import public
from tenants.limits.counting import Rate, TooOften, take


def ask(email: str) -> None:
    """A mailbox that has asked too often gets no further mail, which the page does not say."""
    with suppress(TooOften):
        take("find", Rate(*settings.LIMITS["find"]["mailbox"]), "mailbox", counted_as(email))
        keep(email)


@transaction.atomic
def keep(email: str) -> None:
    with public():
        Request.of(email, get_language() or settings.LANGUAGE_CODE).save()
    soon()
