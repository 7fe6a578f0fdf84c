"""What the database does by itself: a type, a function, a trigger and a view."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
