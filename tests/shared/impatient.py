"""The product's settings, with timeouts for bodies that are short enough for a test."""

from config.settings import *  # noqa: F403
from config.settings import BODIES

BODIES = BODIES | {"piece_seconds": 1.5, "whole_seconds": 3}
