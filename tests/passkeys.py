"""A passkey in software: answers what a device with a finger sensor would."""

import hashlib
import json
import secrets

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from agencies.models import User

FLAG = AuthenticatorData.FLAG
NO_MODEL = b"\0" * 16


class SoftPasskey:
    def __init__(self, *, verifies: bool = True, origin: str = ""):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.origin = origin or settings.SITE_URL
        self.flags = FLAG.UP | (FLAG.UV if verifies else FLAG(0))
        self.user_handle = b""

    def create(self, options: dict) -> str:
        """The answer to navigator.credentials.create()."""
        self.user_handle = options["publicKey"]["user"]["id"].encode()
        data = AttestedCredentialData.create(
            NO_MODEL, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        about = self._about(options, self.flags | FLAG.AT, data)
        attestation = AttestationObject.create("none", about, {})
        return self._answer(
            self._client("webauthn.create", options), attestationObject=websafe_encode(attestation)
        )

    def get(self, options: dict) -> str:
        """The answer to navigator.credentials.get()."""
        about, client = self._about(options, self.flags), self._client("webauthn.get", options)
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            client,
            authenticatorData=websafe_encode(about),
            signature=websafe_encode(signature),
            userHandle=self.user_handle.decode(),
        )

    def _about(self, options: dict, flags: FLAG, data: bytes = b"") -> AuthenticatorData:
        host = options["publicKey"].get("rpId") or options["publicKey"]["rp"]["id"]
        return AuthenticatorData.create(hashlib.sha256(host.encode()).digest(), flags, 0, data)

    def _client(self, kind: str, options: dict) -> bytes:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _answer(self, client: bytes, **response: str) -> str:
        own = websafe_encode(self.id)
        response |= {"clientDataJSON": websafe_encode(client)}
        credential = {"type": "public-key", "id": own, "rawId": own, "clientExtensionResults": {}}
        return json.dumps(credential | {"response": response})


def make_passkey(user: User, name: str = "Ponsel kantor") -> Authenticator:
    """A passkey that was added; nobody holds its device."""
    options = {"publicKey": {"challenge": "AAAA", "rp": {"id": "localhost"}, "user": {"id": "AA"}}}
    credential = json.loads(SoftPasskey().create(options))
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": credential}
    )
