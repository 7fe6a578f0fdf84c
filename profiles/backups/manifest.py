"""What a backup says of itself: Manifest. Its sum is in the directory, and it has the sums of everything else."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from profiles.backups.errors import CannotRestore

FORMAT = 1


@dataclass(frozen=True)
class StoredFile:
    """A file of the organisation. `modified` is by its own storage's clock."""

    name: str
    bytes: int
    modified: str
    sha256: str


@dataclass
class Manifest:
    """`own` is what the directory has of the organisation, and `sums` are those of its tables (sums.py)."""

    schema_name: str
    slug: str
    moment: str
    fingerprint: str
    also_served_by: list[str]
    own: dict[str, Any]
    sums: dict[str, str]
    dump_sha256: str = ""
    files: list[StoredFile] = field(default_factory=list)
    format: int = FORMAT

    def is_same_as(self, other: Self) -> bool:
        """Would a dump of the one be one of the other?"""
        return (self.schema_name, self.fingerprint, self.sums) == (other.schema_name, other.fingerprint, other.sums)

    def write(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Raises CannotRestore for another format."""
        values = json.loads(text)
        if values.get("format") != FORMAT:
            raise CannotRestore(f"The backup has the format {values.get('format')}, and this version reads {FORMAT}.")
        return cls(**values | {"files": [StoredFile(**each) for each in values["files"]]})
