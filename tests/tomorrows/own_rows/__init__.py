"""Rows that a migration makes in every organisation, and not in the template."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
