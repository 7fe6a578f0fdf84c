"""Django's admin on an organisation's host, under the rules of profiles/roles.py."""

from profiles.admin import profiles, users  # noqa: F401  registers their models
from profiles.admin.site import site

__all__ = ["site"]
