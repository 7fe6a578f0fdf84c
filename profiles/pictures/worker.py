"""Decodes one uploaded picture: `python -m profiles.pictures.worker` reads it, and writes what decoding.py returns.

The operating system ends this process after two seconds of processor time, and limits it to 250 MB. This bounds the
cost of files that make Pillow, libjpeg, libpng, libwebp or littlecms slow or use much memory.
"""

import base64
import json
import os
import resource
import sys
from typing import Any

SECONDS = 2  # Processor time.
MEMORY = 250_000_000  # In bytes, including Python's own.


def main(side: str = "", crop: str = "") -> None:
    """Write the pictures by side, or the reason for a refusal. With a side: the whole picture; without: a square."""
    limit()
    from profiles.pictures import crops, decoding  # Inside of the limits.

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
    """Limit time, memory and files irrevocably. Requests for pages have a higher priority on the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
