"""The product's settings, for a server that waits for bodies as long as a test can."""

from config.settings import *  # noqa: F403
from config.settings import BODIES

BODIES = BODIES | {"piece_seconds": 1.5, "whole_seconds": 3}
