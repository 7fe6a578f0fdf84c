"""A package index in a folder: each package of the locks without its code, and a newer release of each."""

import re
import shutil
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

from tests.install.lock import LOCKS, Pin, pins

WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build(folder: Path, *, pip_wheel: Path) -> dict[Pin, str]:
    """Fill the folder, and return the SHA-256 of each wheel that the locks name.

    pip is whole, since installing the locks replaces the pip that is at work.
    """
    locked = {pin for lock in LOCKS for pin in pins(lock)}
    for pin in locked:
        metadata = metadata_of(pin)
        write_wheel(folder, pin, metadata)
        newer = Pin(pin.name, f"{pin.version}.post1")
        write_wheel(folder, newer, re.sub(r"(?m)^Version: .*$", f"Version: {newer.version}", metadata))
    shutil.copy(pip_wheel, folder)
    return {pin: sha256((folder / filename(pin)).read_bytes()).hexdigest() for pin in locked}


def metadata_of(pin: Pin) -> str:
    """What the installed package says of itself, its dependencies and extras among it."""
    installed = distribution(pin.name)
    assert installed.version == pin.version, f"{pin.name} {installed.version} is installed, the lock says {pin.version}"
    return str(installed.read_text("METADATA")).partition("\n\n")[0] + "\n"


def filename(pin: Pin) -> str:
    """https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention"""
    return f"{re.sub(r'[-_.]+', '_', pin.name).lower()}-{pin.version}-py3-none-any.whl"


def write_wheel(folder: Path, pin: Pin, metadata: str) -> None:
    wheel = folder / filename(pin)
    about = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"
    files = {f"{about}/METADATA": metadata, f"{about}/WHEEL": WHEEL}
    record = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"])
    with ZipFile(wheel, "w") as archive:
        for name, content in (files | {f"{about}/RECORD": record}).items():
            archive.writestr(name, content)
