"""The file of an export: a zip with rows, files and the manifest that lists them with checksums."""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import IO, Any, NamedTuple, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

FORMAT = 1
MANIFEST = "manifest.json"
LIST = "files.jsonl"  # a line per file of the organisation; there can be many
ROWS, FILES = "rows/", "files/"
PIECE = 1 << 16  # in bytes


class Sum(NamedTuple):
    """The checksum and size of an entry."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """A table in the file."""

    model: str
    rows: int
    bytes: int
    sha256: str
    columns: list[str]

    @property
    def entry(self) -> str:
        return f"{ROWS}{self.model}.jsonl"


@dataclass
class Manifest:
    """Describes the file and its content. Dates are ISO 8601."""

    organisation: dict[str, Any]
    made: str
    with_secrets: bool
    format: int = FORMAT
    # The public names of the keys that encrypt secrets in the rows (shared/encryption.py).
    encryption_keys: list[str] = field(default_factory=list)
    migrations: list[str] = field(default_factory=list)
    models: list[Part] = field(default_factory=list)
    # Sequences as table.column, with the last number; null if none was ever used.
    sequences: dict[str, int | None] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    # Tables without a model, and models that are secret: not in the file.
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Raises ValueError, TypeError or KeyError if it is not a manifest."""
        values = json.loads(text)
        values["models"] = [Part(**part) for part in values["models"]]
        return cls(**values)

    def write(self) -> bytes:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False).encode()


class Package:
    """A zip that is written sequentially, so the file need not be seekable."""

    def __init__(self, out: IO[bytes]) -> None:
        self.zip = ZipFile(out, "w")
        self.list = tempfile.TemporaryFile()  # noqa: SIM115  closed in __exit__
        self.count = self.bytes = 0
        self.now = timezone.now().timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.list.close()
        self.zip.close()

    def has_file(self, name: str) -> bool:
        return FILES + name in self.zip.NameToInfo

    def add(self, name: str, pieces: Iterable[bytes], *, compression: int = ZIP_DEFLATED) -> Sum:
        entry = ZipInfo(name, date_time=self.now)
        entry.compress_type = compression
        digest, size = hashlib.sha256(), 0
        with self.zip.open(entry, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        return Sum(size, digest.hexdigest())

    def add_file(self, name: str, file: IO[bytes]) -> None:
        """Add one of the organisation's files. It is not compressed, since pictures are already."""
        content = self.add(FILES + name, pieces(file), compression=ZIP_STORED)
        self.list.write(json.dumps({"name": name, **content._asdict()}, ensure_ascii=False).encode() + b"\n")
        self.count += 1
        self.bytes += content.bytes

    def close_files(self) -> dict[str, Any]:
        """Write the list of files; returns its entry for the manifest."""
        self.list.seek(0)
        content = self.add(LIST, pieces(self.list))
        return {"count": self.count, "bytes": self.bytes, "list": content._asdict()}


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
