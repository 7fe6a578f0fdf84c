"""Every night, a secret of an older key is encrypted with the present one, and the provider is read again."""

from contextlib import suppress

from procrastinate.exceptions import AlreadyEnqueued

from profiles.own_sign_in.models import Provider
from profiles.own_sign_in.reencryption import reencrypt_all
from profiles.own_sign_in.tasks import read_again
from tenants.cleaning import nightly

nightly(reencrypt_all)


@nightly
def ask_provider() -> None:
    """In a job of its own: it may take seconds, and the provider may not answer."""
    if Provider.usable() is not None:
        with suppress(AlreadyEnqueued):
            read_again.defer()
