"""How environment variables are read."""

from typing import Any

from environs import Env


class Variables(Env):
    def list(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # a field of theirs that is called
        """Without the spaces around each item, and without empty ones: `a, b,` is two."""
        found = [each.strip() if isinstance(each, str) else each for each in super().list(*args, **kwargs)]
        return [each for each in found if each != ""]
