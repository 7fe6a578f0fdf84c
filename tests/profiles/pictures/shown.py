"""What a processed photo shows, and the sentence by which one is refused."""

import io

import pytest
from PIL import Image

from profiles.pictures import decoding, sandbox


def square(data: bytes, size: int = 512) -> Image.Image:
    return Image.open(io.BytesIO(decoding.process(data)[size])).convert("RGB")


def refusal(data: bytes) -> tuple[str, str]:
    """The code of what is said, and the sentence."""
    with pytest.raises(decoding.Refused) as refused:
        decoding.process(data)
    error = sandbox.refusal(refused.value.code, **refused.value.params)
    return str(error.code), error.messages[0]


def close(pixel: object, colour: tuple[int, ...], by: int = 24) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def corners(image: Image.Image) -> list[object]:
    far = image.width - 40
    return [image.getpixel(at) for at in [(40, 40), (far, 40), (40, far), (far, far)]]


def shows(image: Image.Image, *colours: tuple[int, ...]) -> bool:
    """Are these the colours of the corners, from the top left in reading order?"""
    return all(close(pixel, colour) for pixel, colour in zip(corners(image), colours, strict=True))
