"""Today's."""

from importlib import import_module

Migration = import_module("profiles.migrations.0001_initial").Migration
