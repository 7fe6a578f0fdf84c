"""An index that is made while people work, between two migrations that are atomic."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
