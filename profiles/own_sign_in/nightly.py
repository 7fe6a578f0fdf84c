"""Every night, a secret of an older key is encrypted with the present one, and the provider is read again."""

from profiles.own_sign_in.models import Provider, State
from profiles.own_sign_in.reencryption import reencrypt_all
from profiles.own_sign_in.tasks import read_again
from tenants.cleaning import nightly


@nightly
def look_after_provider() -> None:
    """Without a provider it costs one statement. It is read by a job: that may take seconds."""
    provider = Provider.current()
    if provider is None:
        return
    reencrypt_all()
    if provider.state in (State.ON, State.REQUIRED):
        read_again.defer_once()
