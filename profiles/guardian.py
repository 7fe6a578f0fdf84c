"""django-guardian without its generic tables: permissions here refer to their object by a foreign key."""

from collections.abc import Iterator
from typing import Any

from guardian import apps


class GuardianConfig(apps.GuardianConfig):
    """guardian's AppConfig without its two models: they get no tables, and deletions do not query them.

    Unused (profiles/models/profile.py), they would add 18 files to each organisation.
    """

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> Iterator[Any]:
        return iter(())
