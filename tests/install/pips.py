"""The pips that install the locks: those which supported Pythons bring along, and the newest."""

import sys

# With the last Python that came with it. 22.3: Python 3.11.0; 23.0.1: Debian 12; 25.2: Python 3.14.0.
BUNDLED = {
    "pip==22.3": (3, 11),
    "pip==23.0.1": (3, 11),
    "pip==23.2.1": (3, 12),
    "pip==24.0": (3, 12),
    "pip==24.2": (3, 13),
    "pip==25.0.1": (3, 13),
    "pip==25.2": (3, 14),
}
NEWEST = "pip"


def runs_here(pip: str) -> bool:
    """Whether this Python, or an older one, came before the last that brought this pip along."""
    return sys.version_info[:2] <= BUNDLED.get(pip, sys.version_info[:2])


OLDEST = next((pip for pip in BUNDLED if runs_here(pip)), NEWEST)
