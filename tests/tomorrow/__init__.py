"""Migrations of profiles that a later version of the code will bring, for the tests of `migrate`."""

from pkgutil import iter_modules

from profiles import migrations

__path__ = [*migrations.__path__, *__path__]
# The last one that there is.
TODAY = max(module.name for module in iter_modules(migrations.__path__))
