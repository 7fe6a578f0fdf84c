"""Tomorrow's, of which two have been squashed since, and are gone."""

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
