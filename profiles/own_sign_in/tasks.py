"""Jobs that call the provider: for its addresses and keys, and for a picture. No transaction is open meanwhile."""

from django.core.exceptions import ValidationError
from procrastinate import RetryStrategy

from profiles.own_sign_in.models import Provider
from tenants.tasks import tenant_task

RETRY = RetryStrategy(max_attempts=3, wait=600, retry_exceptions=[ValidationError])


@tenant_task(name="own_sign_in.discover", queue="own_sign_in", queueing_lock="own_sign_in", retry=RETRY)
def read_again() -> None:
    from profiles.own_sign_in.discovery import refresh

    provider = Provider.usable()
    if provider is not None:
        refresh(provider)


@tenant_task(name="own_sign_in.photo", queue="own_sign_in")
def fetch_photo(pk: int) -> None:
    from profiles.own_sign_in.photos import take_over

    take_over(pk)
