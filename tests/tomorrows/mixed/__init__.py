"""Schema, data and schema again, all of one table: three transactions in Django, and one here."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
