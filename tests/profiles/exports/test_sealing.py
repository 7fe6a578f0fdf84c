"""A sealed file: what is written is read, from any place, and nothing of it can be changed, moved or cut off."""

from io import BufferedReader, BytesIO

import pytest

from profiles.exports import sealing
from profiles.exports.sealing import CannotOpen, Sealer, Unsealed

PHRASE = "a long passphrase"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Small chunks, and a key that is quick to make."""
    monkeypatch.setattr(sealing, "CHUNK", 16)
    real = sealing.Scrypt
    monkeypatch.setattr(sealing, "Scrypt", lambda **options: real(**{**options, "n": 2}))


def seal(plain: bytes) -> bytes:
    out = BytesIO()
    with Sealer(out, PHRASE) as sealed:
        for byte in range(0, len(plain), 7):
            sealed.write(plain[byte : byte + 7])
    return out.getvalue()


def unseal(content: bytes) -> bytes:
    return BufferedReader(Unsealed(BytesIO(content), PHRASE)).read()


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 33, 100])
def test_comes_back(size):
    plain = bytes(range(size))
    assert unseal(seal(plain)) == plain


def test_is_read_from_any_place():
    plain = bytes(range(100))
    file = Unsealed(BytesIO(seal(plain)), PHRASE)
    for place in (50, 0, 99, 100, 15, 16):
        assert file.seek(place) == place
        assert file.read(20) == plain[place : place + 16 - place % 16]
    assert file.seek(-3, 2) == 97


def test_two_of_the_same_are_not_alike():
    assert seal(b"x" * 40) != seal(b"x" * 40)


CHUNK = 16 + sealing.TAG


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: sealed[:-CHUNK],
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: sealing.HEADER] + sealed[sealing.HEADER + CHUNK :],
        lambda sealed: sealed + sealed[-CHUNK:],
        lambda sealed: sealed[: sealing.HEADER],
        lambda sealed: sealed[:10],
        lambda sealed: sealed[:20] + b"\0" + sealed[21:],
    ],
)
def test_what_was_changed_is_refused(change):
    sealed = seal(bytes(range(64)))
    with pytest.raises(CannotOpen):
        unseal(change(sealed))
