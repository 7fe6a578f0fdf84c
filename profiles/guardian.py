"""django-guardian without its generic tables: permissions here are rows that point to their object by a key."""

from collections.abc import Iterator
from typing import Any

from guardian import apps


class GuardianConfig(apps.GuardianConfig):
    """guardian, of whose two models Django knows nothing: they get no tables, and no deletion asks for their rows.

    They would be 18 files of each organisation, and nobody reads them (profiles/models/profile.py).
    """

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> Iterator[Any]:
        return iter(())
