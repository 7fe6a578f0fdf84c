"""Django's, which creates nothing without a database cache; database caches are refused."""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management.base import CommandError
from django.core.management.commands import createcachetable


class Command(createcachetable.Command):
    def handle(self, *tablenames: Any, **options: Any) -> None:
        """Raises CommandError only if a cache is a table, since the test runner always calls this command."""
        if tablenames or any(isinstance(cache, BaseDatabaseCache) for cache in caches.all(initialized_only=False)):
            raise CommandError(
                "Not here: Django would look for the cache's table in each organisation's schema. Set CACHES to Redis "
                "or Memcached."
            )
        super().handle(*tablenames, **options)
