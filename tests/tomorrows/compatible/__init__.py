"""A release that code which runs now can go on with: a column, a table, and an index that is made while people work."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
