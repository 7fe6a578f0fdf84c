"""Opens the file of an export, encrypted or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from zipfile import ZipFile

from profiles.exports import passphrase
from profiles.exports.package import Manifest
from profiles.exports.sealing import CannotOpen, Unsealed, is_sealed
from profiles.exports.verifying import Unreadable, opened


@contextmanager
def opened_path(path: Path, passphrase_file: str | None = None) -> Iterator[tuple[ZipFile, Manifest]]:
    """The package and its manifest. Asks for the passphrase of an encrypted file. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            if is_sealed(file):
                unsealed = Unsealed(file, passphrase.asked(passphrase_file))
                yield opened(BufferedReader(unsealed))
            else:
                yield opened(file)
    except CannotOpen as error:
        raise Unreadable(str(error)) from error
    except OSError as error:
        raise Unreadable(f"It cannot be read: {error}.") from error
