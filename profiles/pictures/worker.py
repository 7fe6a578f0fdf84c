"""Decodes one uploaded picture: `python -m profiles.pictures.worker` reads it, and writes what decoding.py returns.

The operating system ends this process after two seconds of processor time, and gives it no more than 200 MB. So a file
that makes Pillow, libjpeg, libpng, libwebp or littlecms slow or large costs no more than that.
"""

import base64
import json
import os
import resource
import sys
from typing import Any

SECONDS = 2  # Of the processor.
MEMORY = 200_000_000  # Bytes, Python's own included.


def main(side: str = "", crop: str = "") -> None:
    """Answer with pictures by side, or why it is none. With a side: the whole picture, else a square of it."""
    limit()
    from profiles.pictures import crops, decoding  # Within the limits.

    upload = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        pictures = decoding.process_whole(upload, int(side)) if side else decoding.process(upload, crops.parsed(crop))
        answer = {"pictures": {size: base64.b64encode(picture).decode() for size, picture in pictures.items()}}
    except decoding.Refused as refused:
        answer = {"code": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"code": "costly", "params": {}}
    sys.stdout.write(json.dumps(answer))


def limit() -> None:
    """Bound time, memory and files, for good. Requests for pages go first where both want the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
