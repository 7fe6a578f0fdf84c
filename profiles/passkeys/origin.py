"""From which page an answer of a passkey is accepted: from the organisation's own address alone."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity

from tenants.context import required


def get_server() -> Fido2Server:
    """In place of allauth's, which accepts all subdomains of the relying party, each port, and http if it is told to.

    https://www.w3.org/TR/webauthn-3/#sctn-validating-origin
    """
    party = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    origin = required().url("")
    return Fido2Server(party, verify_origin=lambda sent: sent == origin)


def connect() -> None:
    """Have allauth use it. It has no setting for it: tests/profiles/passkeys says if it moves."""
    auth.get_server = get_server
