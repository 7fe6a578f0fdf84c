"""Encrypts files with a passphrase or a key: Sealer writes them, Unsealed reads them, in chunks and with seek().

A header, then chunks of AES-GCM. Each nonce has the chunk's number and whether it is the last one, so that no chunk
can be left out, moved or cut off: the STREAM construction of https://eprint.iacr.org/2015/189.
"""

import io
import os
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"SEALED01"
SALT, PREFIX = 16, 7  # in bytes
HEADER = len(MAGIC) + SALT + PREFIX
CHUNK, TAG = 1 << 20, 16
LEAST = 12  # characters of a passphrase


class CannotOpen(Exception):
    """The passphrase or key is wrong, or the file was changed or cut off."""


def key_of(secret: str | bytes, salt: bytes) -> AESGCM:
    """The key of one file, from a passphrase or a random key. A passphrase costs 64 MiB and some tenths of a second per
    attempt: https://www.rfc-editor.org/rfc/rfc7914#section-2
    """
    if isinstance(secret, bytes):
        return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=MAGIC).derive(secret))
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(secret.encode()))


def nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def is_sealed(file: IO[bytes]) -> bool:
    """Reads the beginning, and seeks back."""
    file.seek(0)
    found = file.read(len(MAGIC))
    file.seek(0)
    return found == MAGIC


class Sealer(io.RawIOBase):
    """Encrypts into another file, which stays open when this one is closed."""

    def __init__(self, out: IO[bytes], secret: str | bytes) -> None:
        salt, self.prefix = os.urandom(SALT), os.urandom(PREFIX)
        self.out, self.key = out, key_of(secret, salt)
        self.waiting, self.number = bytearray(), 0
        out.write(MAGIC + salt + self.prefix)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        while len(self.waiting) > CHUNK:  # Only at the end is it known which chunk is the last.
            self._emit(bytes(self.waiting[:CHUNK]), is_last=False)
            del self.waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._emit(bytes(self.waiting), is_last=True)
        super().close()

    def _emit(self, plain: bytes, *, is_last: bool) -> None:
        self.out.write(self.key.encrypt(nonce(self.prefix, self.number, is_last=is_last), plain, None))
        self.number += 1


class Unsealed(io.RawIOBase):
    """The decrypted content, as a file for reading. Raises CannotOpen."""

    def __init__(self, file: IO[bytes], secret: str | bytes) -> None:
        self.file, self.word = file, "key" if isinstance(secret, bytes) else "passphrase"
        header = file.read(HEADER)
        sealed = file.seek(0, io.SEEK_END) - HEADER
        self.chunks = -(-sealed // (CHUNK + TAG))
        self.size = sealed - self.chunks * TAG
        if len(header) < HEADER or self.size < 0:
            raise CannotOpen("The file is cut off.")
        self.prefix = header[-PREFIX:]
        self.key = key_of(secret, header[len(MAGIC) : len(MAGIC) + SALT])
        self.place, self.held = 0, (-1, b"")
        self._chunk(0)  # Fails now if the secret is wrong.

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence])
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.size:
            return 0
        number, within = divmod(self.place, CHUNK)
        part = self._chunk(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self.place += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self.held[0] != number:
            self.file.seek(HEADER + number * (CHUNK + TAG))
            sealed, is_last = self.file.read(CHUNK + TAG), number == self.chunks - 1
            try:
                self.held = number, self.key.decrypt(nonce(self.prefix, number, is_last=is_last), sealed, None)
            except InvalidTag as error:
                raise CannotOpen(f"The {self.word} is another one, or the file has been changed.") from error
        return self.held[1]
