"""Django's, which makes nothing as long as no cache is a table; and no cache may be one."""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management.base import CommandError
from django.core.management.commands import createcachetable


class Command(createcachetable.Command):
    def handle(self, *tablenames: Any, **options: Any) -> None:
        """The test runner calls it too, whatever the settings are."""
        if tablenames or any(isinstance(cache, BaseDatabaseCache) for cache in caches.all(initialized_only=False)):
            raise CommandError(
                "Not here: a cache's table would be looked for in each organisation's schema. Set CACHES to Redis or "
                "Memcached."
            )
        super().handle(*tablenames, **options)
