"""A column of a type that an extension brings."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
