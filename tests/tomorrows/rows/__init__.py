"""Rows that a migration makes in every schema, the template too."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
