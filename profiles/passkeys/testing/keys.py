"""Key: an authenticator in Python, which signs as a phone or a security key does. For tests only."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG
VERIFIED = FLAG.UP | FLAG.UV  # the person was there, and a fingerprint or a PIN was checked


@dataclass
class Key:
    origin: str  # the page that asks
    id: bytes = b"a key of sixteen"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: Any, flags: int = VERIFIED) -> str:
        """As navigator.credentials.create()."""
        data = AttestedCredentialData.create(bytes(16), self.id, ES256.from_cryptography_key(self.private.public_key()))
        authenticator = AuthenticatorData.create(party(options["rp"]["id"]), FLAG(flags | FLAG.AT), 0, data)
        attestation = AttestationObject.create("none", authenticator, {})
        return self.answer({"attestationObject": attestation}, self.client("webauthn.create", options["challenge"]))

    def get(self, options: Any, *, member: int, flags: int = VERIFIED) -> str:
        """As navigator.credentials.get(). `member` is the user handle that it has kept."""
        client = self.client("webauthn.get", options["challenge"])
        authenticator = AuthenticatorData.create(party(options["rpId"]), FLAG(flags), 1)
        signature = self.private.sign(authenticator + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"authenticatorData": authenticator, "signature": signature, "userHandle": str(member).encode()}
        return self.answer(response, client)

    def client(self, kind: str, challenge: str) -> bytes:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def answer(self, response: dict[str, bytes], client: bytes) -> str:
        encoded = {name: websafe_encode(value) for name, value in (response | {"clientDataJSON": client}).items()}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})


def party(host: str) -> bytes:
    return sha256(host.encode()).digest()


def stored(host: str, name: str = "Laptop") -> dict[str, Any]:
    """What the row of a passkey has."""
    made = Key(f"https://{host}").create({"rp": {"id": host}, "challenge": websafe_encode(b"anything")})
    return {"name": name, "credential": json.loads(made), "host": host}
