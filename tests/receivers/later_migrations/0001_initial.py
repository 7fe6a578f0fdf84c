"""The first release, as it was."""

from importlib import import_module

Migration = import_module("tests.receivers.migrations.0001_initial").Migration
