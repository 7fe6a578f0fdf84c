"""What later organisations could not have."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
