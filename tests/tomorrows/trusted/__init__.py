"""A column and an index by extensions that the owner of a database may create."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
