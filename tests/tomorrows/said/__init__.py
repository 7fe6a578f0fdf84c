"""A release whose author says that code which runs now can go on with it."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
