"""Decodes uploaded pictures in a separate process with limited time and memory, and without secrets.

The cost of a file is unknown before it is decoded, and decoders have faults. So the operating system limits the
process (profiles/pictures/worker.py), and if it crashes, the request continues.
"""

import base64
import json
import logging
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from threading import BoundedSemaphore
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.serving.turn import Crowded
from tenants.serving.working import waiting

MAX_BYTES = 10_000_000
AT_ONCE = 1  # Per process of the web server, so that memory is limited too.
PATIENCE = 10  # How many seconds a picture waits for others, and how many it may take on a busy machine.

WORKER = (sys.executable, "-m", "profiles.pictures.worker")
CODE = Path(__file__).parents[2]
SENTENCES = {
    "empty": _("The file is empty."),
    "bytes": _("The file is too large. It can have up to %(most)s MB."),
    "format": _("This file is not a JPEG, PNG, WebP, GIF, HEIC or AVIF picture."),
    "damaged": _("This picture is damaged or incomplete. Save it again, or choose another one."),
    "frames": _("The animation has %(number)s pictures. It can have up to %(most)s."),
    "scans": _("This JPEG is saved in %(number)s passes. It can have up to %(most)s."),
    "side": _("The longer side of the picture has %(side)s pixels. It can have up to %(most)s."),
    "pixels": _("The picture has %(megapixels)s megapixels. A %(kind)s can have up to %(most)s."),
    "far too many pixels": _("The picture has far too many pixels. A %(kind)s can have up to %(most)s million."),
    "costly": _("This picture takes too long to read. Make it smaller, or save it as a plain JPEG."),
    "busy": _("We are busy with other pictures right now. Send yours again in a moment."),
}

logger = logging.getLogger(__name__)
places = BoundedSemaphore(AT_ONCE)


def process(upload: bytes | IO[bytes], *, max_bytes: int = MAX_BYTES, crop: str = "") -> dict[int, bytes]:
    """A square of an uploaded picture, as one WebP file for each side in profiles.pictures.decoding.SIZES.

    `crop` is the square as text (profiles.pictures.crops); without it, a default is used. Raises ValidationError, with
    a sentence for the person, if it is not a picture, or takes too much memory or time.
    """
    crop = crop.replace("\0", "")  # which no argument of a program can have
    return decoded(read(upload, max_bytes), *(("", crop) if crop else ()))


def process_whole(upload: bytes | IO[bytes], *, side: int, max_bytes: int = MAX_BYTES) -> bytes:
    """The whole picture, as one WebP file that fits into a square of `side` pixels."""
    return decoded(read(upload, max_bytes), str(side))[side]


def refusal(code: str, **params: str) -> ValidationError:
    return ValidationError(SENTENCES[code], code=code, params=params)


def read(upload: bytes | IO[bytes], max_bytes: int) -> bytes:
    if not isinstance(upload, bytes):
        upload.seek(0)
        upload = upload.read(max_bytes + 1)
    if not upload:
        raise refusal("empty")
    if len(upload) > max_bytes:
        raise refusal("bytes", most=f"{max_bytes / 1e6:g}")
    return upload


def decoded(upload: bytes, *arguments: str) -> dict[int, bytes]:
    """The worker's answer. Meanwhile, other requests use this one's place and connection."""
    try:
        with waiting():
            answer = ask_in_line(upload, *arguments)
    except Crowded as error:
        raise refusal("busy") from error
    if "code" in answer:
        raise refusal(answer["code"], **answer["params"])
    return {int(side): base64.b64decode(picture) for side, picture in answer["pictures"].items()}


def ask_in_line(upload: bytes, *arguments: str) -> Any:
    if not places.acquire(timeout=PATIENCE):
        return {"code": "busy", "params": {}}
    try:
        return ask(upload, *arguments)
    finally:
        places.release()


def ask(upload: bytes, *arguments: str) -> Any:
    """Decode the picture in a worker. If it is killed or crashes, the picture is refused."""
    command = [*WORKER, *arguments]
    try:
        run = subprocess.run(
            command, input=upload, capture_output=True, cwd=CODE, env={}, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return {"code": "costly", "params": {}}
    if run.returncode in {-SIGXCPU, -SIGKILL}:
        return {"code": "costly", "params": {}}
    if run.returncode != 0:
        logger.error("A picture ended its decoder (status %s): %s", run.returncode, run.stderr.decode(errors="replace"))
        return {"code": "damaged", "params": {}}
    return json.loads(run.stdout)
